"""A table for Django's database cache: what all web processes must count together.

UNLOGGED: it is written at every attempt to sign in, and a crash may empty it.
"""

from django.db import migrations

SQL = """
CREATE UNLOGGED TABLE cache (
  cache_key varchar(255) PRIMARY KEY,
  value text NOT NULL,
  expires timestamptz NOT NULL
);
CREATE INDEX cache_expires ON cache (expires);
COMMENT ON TABLE cache IS 'Counts of attempts and codes used just now; it may be emptied any time.';
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0005_last_administrator")]
    # they point at people, but ask only for our first migration, which comes before that table
    run_before = [
        ("account", "0001_initial"),
        ("mfa", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]

    operations = [migrations.RunSQL(SQL, "DROP TABLE cache")]
