import { NumberInput, Text, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { changesOf } from "../../../ui/changes";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { BatchSelect } from "../../../ui/references";
import { useSaved } from "../../../ui/useSaved";
import { instantOfWall, wallOf } from "../../../ui/zoned";
import { INTAKES, type Intake, intakeUrl } from "../queries";

type Values = { batch: number | null; opens_at: string; closes_at: string; seats: number | string };
type Props = { intake?: Intake; onDone: (intake: Intake) => unknown };

const UTC = "UTC";

/** The times are those of the institution. An intake keeps its batch for life. */
export function IntakeForm({ intake, onDone }: Props) {
  const { t } = useTranslation();
  const { institution } = useMe();
  const zone = institution?.time_zone ?? UTC;
  const saved = useSaved(INTAKES);
  const needed = isNotEmpty(t("intakes.needed"));
  const loaded: Values = {
    batch: intake?.batch ?? null,
    opens_at: intake ? wallOf(intake.opens_at, zone) : "",
    closes_at: intake ? wallOf(intake.closes_at, zone) : "",
    seats: intake?.seats ?? 100,
  };
  const form = useForm<Values>({
    initialValues: loaded,
    validate: { batch: needed, opens_at: needed, closes_at: needed, seats: needed },
  });
  const wire = (values: Partial<Values>) => ({
    ...values,
    ...(values.opens_at === undefined ? {} : { opens_at: instantOfWall(values.opens_at, zone) }),
    ...(values.closes_at === undefined ? {} : { closes_at: instantOfWall(values.closes_at, zone) }),
  });
  return (
    <FormShell
      form={form}
      onReload={saved}
      onSubmit={(values, { idempotencyKey }) =>
        intake
          ? writeJson<Intake>("PATCH", intakeUrl(intake.id), wire(changesOf(values, loaded)), {
              ifMatch: intake.version,
            })
          : writeJson<Intake>("POST", INTAKES, wire(values), { idempotencyKey })
      }
      onDone={async (result) => {
        await saved();
        await onDone(result);
      }}
    >
      <FieldGrid>
        <BatchSelect
          label={t("intakes.fields.batch")}
          required
          disabled={intake !== undefined}
          chosenLabel={intake && `${intake.batch_name} · ${intake.program_name}`}
          {...form.getInputProps("batch")}
        />
        <NumberInput
          label={t("intakes.fields.seats")}
          required
          min={1}
          max={100_000}
          allowDecimal={false}
          {...form.getInputProps("seats")}
        />
        <TextInput
          label={t("intakes.fields.opens")}
          type="datetime-local"
          dir="ltr"
          required
          {...form.getInputProps("opens_at")}
        />
        <TextInput
          label={t("intakes.fields.closes")}
          type="datetime-local"
          dir="ltr"
          required
          {...form.getInputProps("closes_at")}
        />
      </FieldGrid>
      <Text size="xs" c="dimmed">
        {t("intakes.zone", { zone })}
      </Text>
    </FormShell>
  );
}
