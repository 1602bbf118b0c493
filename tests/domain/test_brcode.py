"""The BR Code: what a bank reads is what was asked, whatever the names are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigente.domain import brcode
from vigente.domain.brcode import BrCodeRefused, crc16, fields, static_code

# the example of the Central Bank's manual of the BR Code
OF_THE_MANUAL = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-426655440000"
    "5204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D"
)


def test_the_central_banks_example_closes_with_its_crc() -> None:
    assert f"{crc16(OF_THE_MANUAL[:-4]):04X}" == OF_THE_MANUAL[-4:]
    assert fields(OF_THE_MANUAL)["60"] == "BRASILIA"


@given(
    st.text(max_size=40),
    st.text(max_size=40),
    st.integers(1, 10**12),
    st.from_regex(r"[A-Za-z0-9]{1,25}", fullmatch=True),
)
def test_what_is_read_is_what_was_asked(name: str, city: str, cents: int, reference: str) -> None:
    code = static_code(
        key="pix@provedor.example", name=name, city=city, amount_cents=cents, reference=reference
    )

    read = fields(code)
    assert f"{crc16(code[:-4]):04X}" == read["63"] == code[-4:]
    assert fields(read["26"]) == {"00": brcode.GUI, "01": "pix@provedor.example"}
    assert read["54"] == f"{cents // 100}.{cents % 100:02d}"
    assert fields(read["62"]) == {"05": reference}
    assert 1 <= len(read["59"]) <= 25
    assert 1 <= len(read["60"]) <= 15
    assert code.isascii()


@pytest.mark.parametrize(
    "wrong", [{"key": ""}, {"amount_cents": 0}, {"reference": ""}, {"reference": "a b"}], ids=str
)
def test_a_code_that_no_bank_would_take_is_not_made(wrong: dict[str, object]) -> None:
    told = {"key": "k", "name": "N", "city": "C", "amount_cents": 1, "reference": "VG1"}

    with pytest.raises(BrCodeRefused):
        static_code(**{**told, **wrong})


@pytest.mark.parametrize("cut", ["5", "5802B", "58xxBR"])
def test_a_code_that_is_cut_is_told(cut: str) -> None:
    with pytest.raises(BrCodeRefused):
        fields(cut)
