"""An index that tells whether a customer owes, without reading what was paid for years."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_invariants")]

    operations = [
        migrations.AddIndex(
            model_name="receivable",
            index=models.Index(
                fields=["customer", "due_on"],
                condition=Q(
                    cancelled_on=None,
                    amount_cents__gt=F("received_cents") + F("discounted_cents"),
                ),
                name="receivable_open_of_customer",
            ),
        ),
    ]
