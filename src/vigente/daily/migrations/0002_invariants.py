"""What the database keeps of the daily schedule, in words."""

from django.db import migrations

SQL = """
COMMENT ON CONSTRAINT daily_run_once ON daily_dailyrun IS
  'A branch has one record for each day.';
COMMENT ON CONSTRAINT daily_run_failure_says_why ON daily_dailyrun IS
  'A day that failed says why.';
COMMENT ON CONSTRAINT daily_run_caught_up_later ON daily_dailyrun IS
  'A day is caught up by a later one.';
COMMENT ON CONSTRAINT daily_run_missed_is_empty ON daily_dailyrun IS
  'A missed day began no close.';
"""


class Migration(migrations.Migration):
    dependencies = [("daily", "0001_initial")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
