import { Alert, Anchor, Stack } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import type { FieldName, Values } from "../../../ui/application/fields";

type Props = { form: UseFormReturnType<Values>; faults: FieldName[]; onPick: (field: FieldName) => void };

/** Everything that the server did not take, each with the way to its field, whatever step that is in. */
export function FaultList({ form, faults, onPick }: Props) {
  const { t } = useTranslation();
  const labelOf = useLabel();
  return (
    <Alert color="madder" variant="light" role="alert" title={t("ui.form.check", { count: faults.length })}>
      <Stack gap={4} align="flex-start">
        {faults.map((field) => (
          <Anchor
            key={field}
            component="button"
            type="button"
            size="sm"
            c="inherit"
            ta="start"
            underline="always"
            mih={24}
            onClick={() => onPick(field)}
          >
            {labelOf("application.fields", field)}: {form.errors[field]}
          </Anchor>
        ))}
      </Stack>
    </Alert>
  );
}
