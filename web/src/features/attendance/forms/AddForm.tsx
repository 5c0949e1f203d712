import { Switch, Textarea, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { FormShell } from "../../../ui/FormShell";
import { sessionUrl } from "../queries";

type Props = { session: number; onDone: () => unknown };

/** Somebody who came and is not on the roster; whoever repairs may say that they belong there. */
export function AddForm({ session, onDone }: Props) {
  const { t } = useTranslation();
  const can = useCan();
  const mayRepair = can("attendance.repair");
  const form = useForm({
    initialValues: { reg_no: "", expected: false, reason: "" },
    validate: {
      reg_no: isNotEmpty(t("attendance.register.regNoNeeded")),
      reason: (value, { expected }) => (expected && !value.trim() ? t("attendance.reasonNeeded") : null),
    },
  });
  return (
    <FormShell
      form={form}
      submitLabel={t("ui.add")}
      pointers={{ "/add/0": "reg_no", "/add/0/reg_no": "reg_no" }}
      onSubmit={({ reg_no, expected, reason }, { idempotencyKey }) =>
        writeJson(
          "POST",
          `${sessionUrl(session)}roster/`,
          { add: [{ reg_no: reg_no.trim() }], expected, ...(expected ? { reason: reason.trim() } : {}) },
          { idempotencyKey },
        )
      }
      onDone={onDone}
    >
      <TextInput
        data-autofocus
        dir="ltr"
        required
        label={t("attendance.register.regNo")}
        description={t("attendance.register.regNoHint")}
        {...form.getInputProps("reg_no")}
      />
      {mayRepair && (
        <Switch
          label={t("attendance.register.belongs")}
          description={t("attendance.register.belongsHint")}
          {...form.getInputProps("expected", { type: "checkbox" })}
        />
      )}
      {form.values.expected && (
        <Textarea
          dir="auto"
          required
          label={t("attendance.reason")}
          maxLength={500}
          {...form.getInputProps("reason")}
        />
      )}
    </FormShell>
  );
}
