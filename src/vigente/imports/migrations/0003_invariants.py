"""What the database keeps of imports, in words."""

from django.db import migrations

SQL = """
COMMENT ON CONSTRAINT import_run_keeps_its_file ON imports_importrun IS
  'An import keeps its file until it is done or given up.';
COMMENT ON CONSTRAINT import_run_adds_up ON imports_importrun IS
  'Every row gone through came in, was there or was refused.';
COMMENT ON CONSTRAINT bad_row_once ON imports_badrow IS
  'A line of a file is refused once by a run.';
"""


class Migration(migrations.Migration):
    dependencies = [("imports", "0002_uploads")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
