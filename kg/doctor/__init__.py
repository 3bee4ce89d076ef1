"""What a curator should do next, ranked by how much each record is used. Knows neither RDF stores nor terminals."""

from kg.doctor.advice import FINDINGS, Advice, Finding
from kg.doctor.examine import examine, reading_day
from kg.doctor.upstream import upstream_note

__all__ = ["FINDINGS", "Advice", "Finding", "examine", "reading_day", "upstream_note"]
