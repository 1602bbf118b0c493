"""An amount divided among tax classes loses nothing, and each part explains itself."""

from hypothesis import given
from hypothesis import strategies as st

from vigente.domain import explanation, tax_split
from vigente.domain.codes import TaxClass
from vigente.domain.proration import Cost
from vigente.domain.tax_split import Own

weights = st.integers(-1_000_000, 1_000_000)
products = st.builds(Own, st.integers(1, 4), st.sampled_from(TaxClass), weights)


@given(st.integers(-1_000_000, 1_000_000), st.lists(products, max_size=6))
def test_the_parts_add_up_to_the_whole(cents: int, own: list[Own]) -> None:
    shares = tax_split.by_tax_class(Cost(cents, explanation.whole(cents)), own)

    assert sum(share.cents for share in shares) == cents
    assert len({share.tax_class for share in shares}) == len(shares)


@given(st.integers(0, 1_000_000), st.lists(products, max_size=6))
def test_every_part_comes_to_its_sum(cents: int, own: list[Own]) -> None:
    for share in tax_split.by_tax_class(Cost(cents, explanation.whole(cents)), own):
        assert abs(explanation.evaluate(share.explanation)) == abs(share.cents)


def test_each_class_has_what_its_products_changed() -> None:
    own = [Own(1, TaxClass.SCM, -4000), Own(2, TaxClass.SCM, 500), Own(3, TaxClass.SVA, 1000)]

    shares = tax_split.by_tax_class(Cost(2500, "R$ 25,00"), own)  # a discount of 40 − 5 − 10

    assert shares == (
        (TaxClass.SCM, 1, 3500, "R$ 25,00 + R$ 10,00 = R$ 35,00"),
        (TaxClass.SVA, 3, -1000, "R$ 25,00 × R$ 10,00 ÷ R$ 25,00 = R$ 10,00"),
    )


def test_one_class_keeps_the_whole_with_its_sum() -> None:
    [share] = tax_split.by_tax_class(Cost(2900, "R$ 29,00"), [Own(7, TaxClass.SCM, 8990)])

    assert share == (TaxClass.SCM, 7, 2900, "R$ 29,00")
