"""Reads of what the access of contracts follows from."""

from collections.abc import Collection
from datetime import date

from django.db import connection

STATUS_AND_SPEEDS = """
SELECT c.id, c.status,
  COALESCE(max(p.download_kbps) FILTER (WHERE i.kind = 'PLAN'), 0),
  COALESCE(max(p.download_kbps) FILTER (WHERE i.service_kind = 'SPEED_UPGRADE'), 0)
FROM contracts_contract c
LEFT JOIN contracts_contractitem i ON i.contract_id = c.id
  AND i.starts_on <= %(today)s AND (i.ends_on IS NULL OR i.ends_on > %(today)s)
LEFT JOIN catalog_product p ON p.id = i.product_id
WHERE c.id = ANY(%(ids)s)
GROUP BY c.id"""

TO_DERIVE = """
SELECT c.id FROM contracts_contract c
LEFT JOIN access_wantedaccess a ON a.contract_id = c.id
WHERE c.branch_id = %(branch)s AND c.status = 'ACTIVE' AND a.contract_id IS NULL
UNION
SELECT i.contract_id FROM contracts_contractitem i
JOIN contracts_contract c ON c.id = i.contract_id
WHERE c.branch_id = %(branch)s AND c.status = 'ACTIVE'
  AND (i.service_kind = 'SPEED_UPGRADE' OR i.kind = 'PLAN')
  AND (i.starts_on BETWEEN %(since)s AND %(today)s OR i.ends_on BETWEEN %(since)s AND %(today)s)
ORDER BY 1"""


def status_and_speeds(
    contract_ids: Collection[int], *, today: date
) -> list[tuple[int, str, int, int]]:
    """Return of each contract: id, status, speed of its plan and of its temporary upgrades."""
    with connection.cursor() as cursor:
        cursor.execute(STATUS_AND_SPEEDS, {"ids": list(contract_ids), "today": today})
        return list(cursor.fetchall())


def to_derive(branch_id: int, *, since: date, today: date) -> list[int]:
    """Return the active contracts without a derived access, and those whose speed may change."""
    with connection.cursor() as cursor:
        cursor.execute(TO_DERIVE, {"branch": branch_id, "since": since, "today": today})
        return [row[0] for row in cursor.fetchall()]
