"""Whatever an endpoint answers comes out of the engine as it went in, and never as syntax."""

import json

import pyoxigraph as ox
from hypothesis import example, given
from hypothesis import strategies as st

from kg.queries.answers import group_of
from kg.sparql_text import decode_escapes, names_its_dataset

WORDS = st.sampled_from(
    [*("service", "SERVICE", "from", "\\", '"', "'", "\n", "\r", "\\u0022", "{", "}", "#", "\u2028", "\0"), " "]
)
TEXTS = st.lists(st.one_of(WORDS, st.text(st.characters(exclude_categories=["Cs"]), max_size=5)), max_size=8).map(
    "".join
)


@given(st.lists(TEXTS, max_size=5))
@example(['is cut after "from" it', "\\u0022 FROM <urn:x>"])
def test_texts_come_back(texts: list[str]) -> None:
    results = {
        "head": {"vars": ["x", "n"]},
        "results": {
            "bindings": [
                {"x": {"type": "literal", "value": text}, "n": {"type": "literal", "value": str(number)}}
                for number, text in enumerate(texts)
            ]
        },
    }
    answer = {"endpoint": "", "silent": False, "variables": ["n", "x"], "lines": 0, "body": json.dumps(results)}
    query = f"SELECT ?x {{ {group_of(answer)} }} ORDER BY ?n"
    assert not names_its_dataset(query)
    for text in (query, decode_escapes(query)) if not any("\\" in text for text in texts) else (query,):
        found = ox.Store().query(text)
        assert isinstance(found, ox.QuerySolutions)
        assert [row["x"].value for row in found] == texts
