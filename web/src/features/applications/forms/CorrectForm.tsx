import { NumberInput, Stack, TextInput, Title } from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { ApplicationField } from "../../../ui/application/ApplicationField";
import {
  bodyOf,
  changedFields,
  PART_NAMES,
  PARTS,
  type Values,
  valuesOf,
} from "../../../ui/application/fields";
import { changesOf } from "../../../ui/changes";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { APPLICATIONS, type Application, applicationUrl } from "../queries";

const own = ({ email, batch_year, current_year }: Application) => ({
  email,
  batch_year: batch_year as number | string,
  current_year: current_year as number | string,
});
type Corrected = Values & ReturnType<typeof own>;

type Props = { application: Application; onDone: () => void };

/** Everything that staff may set right; only what changed is sent. */
export function CorrectForm({ application, onDone }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(APPLICATIONS);
  const loaded: Corrected = { ...valuesOf(application), ...own(application) };
  const form = useForm<Corrected>({ initialValues: loaded });
  // The fields of an application are a part of this form.
  const fields = form as unknown as UseFormReturnType<Values>;
  return (
    <FormShell
      form={form}
      onReload={saved}
      onSubmit={({ email, batch_year, current_year, ...values }) => {
        const mine = changesOf({ email, batch_year, current_year }, own(application));
        const body = { ...bodyOf(changedFields(values, valuesOf(application))), ...mine };
        return writeJson("PATCH", applicationUrl(application.id), body, { ifMatch: application.version });
      }}
      onDone={async () => {
        await saved();
        onDone();
      }}
    >
      {PART_NAMES.map((part) => (
        <Stack key={part} gap="sm" component="fieldset" p={0} m={0} bd="none">
          <Title order={3} size="h5" component="legend">
            {t(`applications.part.${part}`)}
          </Title>
          <FieldGrid>
            {part === "contact" && (
              <TextInput
                label={t("application.email")}
                type="email"
                dir="ltr"
                {...form.getInputProps("email")}
              />
            )}
            {PARTS[part].map((name) => (
              <ApplicationField key={name} name={name} form={fields} isHinted={false} />
            ))}
            {part === "education" && (
              <>
                <NumberInput
                  label={t("application.fields.batch_year")}
                  min={2000}
                  max={2100}
                  allowDecimal={false}
                  {...form.getInputProps("batch_year")}
                />
                <NumberInput
                  label={t("application.fields.current_year")}
                  min={1}
                  max={20}
                  allowDecimal={false}
                  {...form.getInputProps("current_year")}
                />
              </>
            )}
          </FieldGrid>
        </Stack>
      ))}
    </FormShell>
  );
}
