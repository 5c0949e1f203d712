"""Rules that the database itself keeps for comms: whose webhooks are, and at most two secrets."""

from django.db import migrations

from maristan.kernel.tenancy import protect

TABLES = [
    "comms_notification",
    "comms_delivery",
    "comms_preference",
    "comms_quiethours",
    "comms_announcement",
    "comms_webhookendpoint",
    "comms_webhookdelivery",
    "comms_deliveryattempt",
]

SAME_INSTITUTION = """
ALTER TABLE comms_webhookendpoint
  ADD CONSTRAINT comms_webhookendpoint_of_institution UNIQUE (id, institution_id),
  ADD CONSTRAINT comms_webhookendpoint_two_secrets CHECK (jsonb_array_length(secrets) <= 2);
ALTER TABLE comms_webhookdelivery
  ADD CONSTRAINT comms_webhookdelivery_of_institution UNIQUE (id, institution_id),
  ADD CONSTRAINT comms_webhookdelivery_same_institution FOREIGN KEY (endpoint_id, institution_id)
    REFERENCES comms_webhookendpoint (id, institution_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE comms_deliveryattempt
  ADD CONSTRAINT comms_deliveryattempt_same_institution FOREIGN KEY (delivery_id, institution_id)
    REFERENCES comms_webhookdelivery (id, institution_id) DEFERRABLE INITIALLY DEFERRED;
"""
ANY_INSTITUTION = """
ALTER TABLE comms_deliveryattempt DROP CONSTRAINT comms_deliveryattempt_same_institution;
ALTER TABLE comms_webhookdelivery DROP CONSTRAINT comms_webhookdelivery_same_institution,
  DROP CONSTRAINT comms_webhookdelivery_of_institution;
ALTER TABLE comms_webhookendpoint DROP CONSTRAINT comms_webhookendpoint_of_institution,
  DROP CONSTRAINT comms_webhookendpoint_two_secrets;
"""


class Migration(migrations.Migration):
    dependencies = [("comms", "0001_initial"), ("kernel", "0002_database_rules")]

    operations = [
        *protect(*TABLES),
        migrations.RunSQL(SAME_INSTITUTION, ANY_INSTITUTION),
    ]
