"""Indexes by which the list is filtered, newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0004_attachments")]

    operations = [
        migrations.RemoveIndex(model_name="contract", name="contract_by_branch"),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(
                fields=["branch", "-id"], include=["status", "due_day"], name="contract_of_branch"
            ),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(fields=["due_day", "-id"], name="contract_by_due_day"),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(
                fields=["customer", "-id"],
                include=["branch", "status", "due_day"],
                name="contract_of_customer",
            ),
        ),
        migrations.AlterField(
            model_name="contract",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=models.PROTECT,
                related_name="contracts",
                to="customers.customer",
            ),
        ),
        migrations.AddIndex(
            model_name="contractplan",
            index=models.Index(
                fields=["sale_plan", "-contract"],
                condition=models.Q(("ends_on", None)),
                name="contract_plan_in_force",
            ),
        ),
    ]
