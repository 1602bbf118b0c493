"""What templates become: values stay text, whatever they hold, and nothing is left unfilled."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigente.documents import ready_made
from vigente.documents.ready_made import ReadyMade
from vigente.domain import templates
from vigente.domain.codes import TemplateKind
from vigente.domain.templates import VariableMissing

TAG = re.compile(r"<[^>]*>")
OURS = re.compile(
    r"</?(h[1-6]|p|strong|em|ul|ol|li|table|thead|tbody|tr|th|td|blockquote|br|hr|mark)"
    r'( class="to-(left|center|right)"| start="\d+")?( /)?>'
)


@given(st.text(), st.text())
def test_only_tags_of_ours_come_out(body: str, value: str) -> None:
    html = templates.sketch(body.replace("\r", "") + " {{ x }}", {"x": value})

    assert [tag for tag in TAG.findall(html) if not OURS.fullmatch(tag)] == []


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])))
def test_a_value_is_shown_letter_by_letter(value: str) -> None:
    from html import unescape  # noqa: PLC0415

    html = templates.fill("a{{ x }}b", {"x": value})

    assert unescape(TAG.sub("", html)) == f"a{value}b\n"


@pytest.mark.parametrize("value", ["# a", "- a", "*a*", "| a |", "a\n\nb", "\ue0000\ue001", "____"])
def test_a_value_makes_no_heading_list_or_table(value: str) -> None:
    html = templates.fill("{{ x }}", {"x": value})

    assert set(TAG.findall(html)) <= {"<p>", "</p>", "<br>"}


def test_lines_of_a_value_stay_lines() -> None:
    assert templates.fill("{{ x }}", {"x": "um\ndois"}) == "<p>um<br>dois</p>\n"


def test_operators_write_headings_lists_tables_and_where_to_sign() -> None:
    html = templates.fill(
        "# Contrato\n\n**1.** Um\nDois\n\n- a\n- b\n\n| x | y |\n| --- | --: |\n| 1 | {{ v }} |\n\n"
        "_____\nAna",
        {"v": "R$ 9,90"},
    )

    for part in (
        "<h1>Contrato</h1>",
        "<p><strong>1.</strong> Um<br />\nDois</p>",
        "<li>a</li>",
        '<td class="to-right">R$ 9,90</td>',
        "<hr />\n<p>Ana</p>",
    ):
        assert part in html


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "[a](javascript:alert(1))",
        "![a](http://x/y.png)",
        "<http://x>",
        "    recuado",
        "```\nx\n```",
    ],
)
def test_links_images_html_and_code_stay_as_they_were_typed(typed: str) -> None:
    assert set(TAG.findall(templates.fill(typed, {}))) <= {"<p>", "</p>", "<br />"}


def test_what_has_no_value_is_named() -> None:
    with pytest.raises(VariableMissing, match=r"\{\{ alteracao.data \}\}"):
        templates.fill("{{ cliente.nome }} {{ alteracao.data }}", {"cliente.nome": "Ana"})


def test_every_variable_has_a_sample() -> None:
    assert templates.SAMPLES.keys() == templates.OF_AN_ADDENDUM.keys()


@pytest.mark.parametrize("one", ready_made.ALL, ids=lambda one: one.code)
def test_ready_made_templates_can_be_filled(one: ReadyMade) -> None:
    assert templates.problems(one.body, one.kind) == ()
    assert "mark" not in templates.sketch(one.body, templates.SAMPLES)
    assert set(TemplateKind) == {known.kind for known in ready_made.ALL}
