"""Uploaded files, how far each import is, and the rows that did not come in."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BadRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.PositiveIntegerField()),
                ("cells", models.JSONField()),
                ("problems", models.JSONField()),
            ],
        ),
        migrations.AddField(
            model_name="importrun",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="importrun",
            name="branch_ids",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="importrun",
            name="error",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="importrun",
            name="expected_rows",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="importrun",
            name="finished_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="importrun",
            name="header",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="importrun",
            name="is_written",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="importrun",
            name="places",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="importrun",
            name="size",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="importrun",
            name="started_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="importrun",
            name="status",
            field=models.CharField(default="DONE", max_length=10),
        ),
        migrations.AddField(
            model_name="importrun",
            name="stored_as",
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name="importrun",
            name="worksheet",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="bad",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="rows",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="unchanged",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="written",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="importrun",
            index=models.Index(fields=["by_user_id", "id"], name="import_run_of_person"),
        ),
        migrations.AddIndex(
            model_name="importrun",
            index=models.Index(
                condition=models.Q(("stored_as", ""), _negated=True),
                fields=["at"],
                name="import_run_with_a_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "UPLOADED",
                            "CHECKING",
                            "CHECKED",
                            "RUNNING",
                            "DONE",
                            "FAILED",
                            "DISCARDED",
                        ],
                    )
                ),
                name="import_run_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("status__in", ["UPLOADED", "CHECKING", "CHECKED", "RUNNING", "FAILED"]),
                        _negated=True,
                    ),
                    models.Q(("stored_as", ""), _negated=True),
                    _connector="OR",
                ),
                name="import_run_keeps_its_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "rows",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("written"), "+", models.F("unchanged")
                            ),
                            "+",
                            models.F("bad"),
                        ),
                    ),
                    ("status", "CHECKING"),
                    _connector="OR",
                ),
                name="import_run_adds_up",
            ),
        ),
        migrations.AddField(
            model_name="badrow",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="bad_rows",
                to="imports.importrun",
            ),
        ),
        migrations.AddConstraint(
            model_name="badrow",
            constraint=models.UniqueConstraint(fields=("run", "line"), name="bad_row_once"),
        ),
    ]
