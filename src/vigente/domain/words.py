"""Numbers of people and days, as they are written in Portuguese."""

from datetime import date

MONTHS = (
    *("janeiro", "fevereiro", "março", "abril", "maio", "junho"),
    *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
)


def day_in_words(day: date) -> str:
    """Return a day as the end of a contract says it.

    >>> day_in_words(date(2026, 3, 1))
    '1º de março de 2026'
    """
    number = "1º" if day.day == 1 else str(day.day)
    return f"{number} de {MONTHS[day.month - 1]} de {day.year}"


def printed_tax_id(number: str) -> str:
    """Return a CPF or a CNPJ with its punctuation; what is neither stays as it is.

    >>> printed_tax_id("52998224725"), printed_tax_id("12ABC34501DE35")
    ('529.982.247-25', '12.ABC.345/01DE-35')
    """
    if len(number) == 11:
        return f"{number[:3]}.{number[3:6]}.{number[6:9]}-{number[9:]}"
    if len(number) == 14:
        return f"{number[:2]}.{number[2:5]}.{number[5:8]}/{number[8:12]}-{number[12:]}"
    return number


def printed_phone(number: str) -> str:
    """Return a telephone with its area code; what is too short stays as it is.

    >>> printed_phone("31987654321")
    '(31) 98765-4321'
    """
    return f"({number[:2]}) {number[2:-4]}-{number[-4:]}" if len(number) > 9 else number
