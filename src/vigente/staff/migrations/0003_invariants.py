"""What the database keeps of the staff tables."""

from django.db import migrations

SQL = """
CREATE TRIGGER branch_never_deleted BEFORE DELETE OR UPDATE OF id ON staff_branch
  FOR EACH ROW EXECUTE FUNCTION vigente_refuse_delete();
COMMENT ON TRIGGER branch_never_deleted ON staff_branch IS
  'A branch is inactivated, never deleted: receivables name it without a key.';
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_initial")]

    operations = [
        migrations.RunSQL(SQL, "DROP TRIGGER branch_never_deleted ON staff_branch"),
    ]
