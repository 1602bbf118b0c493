"""Failed attempts of effects, and the index of their list."""

import django.db.models.deletion
from django.db import migrations, models

COMMENT = """
COMMENT ON CONSTRAINT failed_attempt_says_why ON outbox_failedattempt IS
  'A failed attempt says why it failed.';
"""


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_invariants")]

    operations = [
        migrations.AddIndex(
            model_name="effect",
            index=models.Index(fields=["status", "id"], name="effect_by_status"),
        ),
        migrations.CreateModel(
            name="FailedAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("error", models.TextField()),
                (
                    "effect",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="failures",
                        to="outbox.effect",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("error", ""), _negated=True),
                        name="failed_attempt_says_why",
                    )
                ],
            },
        ),
        migrations.RunSQL(COMMENT, migrations.RunSQL.noop),
    ]
