"""The only writes to the access wanted."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from vigente.domain.access import Access

WANT = """
INSERT INTO access_wantedaccess (contract_id, state, speed, kbps, since)
SELECT n.id, n.state, n.speed, n.kbps, %s
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::int[]) AS n(id, state, speed, kbps)
ON CONFLICT (contract_id) DO UPDATE
SET state = excluded.state, speed = excluded.speed, kbps = excluded.kbps, since = excluded.since
WHERE (access_wantedaccess.state, access_wantedaccess.speed, access_wantedaccess.kbps)
  IS DISTINCT FROM (excluded.state, excluded.speed, excluded.kbps)
RETURNING contract_id"""


def want(wanted: Mapping[int, Access], *, now: datetime) -> list[int]:
    """Write the access that contracts should have; return those for which it is another."""
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            WANT,
            [
                now,
                list(wanted),
                [access.state.value for access in wanted.values()],
                [access.speed.value for access in wanted.values()],
                [access.kbps for access in wanted.values()],
            ],
        )
        return sorted(row[0] for row in cursor.fetchall())
