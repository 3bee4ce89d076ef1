"""Graphs as pages and pictures: one self-contained HTML file for the screen, one SVG for papers and READMEs."""

from kg.view.figure import Figure, compose
from kg.view.layout import place_nodes
from kg.view.page import render_page
from kg.view.svg import render_svg

__all__ = ["Figure", "compose", "place_nodes", "render_page", "render_svg"]
