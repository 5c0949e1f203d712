import { Select, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { changesOf } from "../../../ui/changes";
import { DateField } from "../../../ui/DateField";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { GENDERS, PEOPLE, type Person } from "../queries";

const valuesOf = (person?: Person) => ({
  name: person?.name ?? "",
  name_latin: person?.name_latin ?? "",
  given_name: person?.given_name ?? "",
  family_name: person?.family_name ?? "",
  father_name: person?.father_name ?? "",
  gender: person?.gender ?? "undisclosed",
  date_of_birth: person?.date_of_birth ?? null,
  national_id: person?.national_id ?? "",
  phone: "",
  email: "",
});
type Values = ReturnType<typeof valuesOf>;

type Props = { person?: Person; onDone: (person: Person) => unknown };

/** What was left blank is not said; what was taken out is. */
function bodyOf(values: Partial<Values>): Record<string, unknown> {
  const { national_id, ...rest } = values;
  return national_id === undefined ? rest : { ...rest, national_id: national_id || null };
}

export function PersonForm({ person, onDone }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const saved = useSaved(PEOPLE);
  const form = useForm<Values>({
    initialValues: valuesOf(person),
    validate: { name: isNotEmpty(t("directory.needed")) },
  });
  const text = (field: keyof Values) => ({ dir: "auto", ...form.getInputProps(field) });
  return (
    <FormShell
      form={form}
      onReload={saved}
      onSubmit={(values, { idempotencyKey }) => {
        const body = bodyOf(changesOf(values, valuesOf(person)));
        return person
          ? writeJson<Person>("PATCH", `${PEOPLE}${person.id}/`, body, { ifMatch: person.version })
          : writeJson<Person>("POST", PEOPLE, body, { idempotencyKey });
      }}
      onDone={async (result) => {
        await saved();
        await onDone(result);
      }}
    >
      <FieldGrid>
        <TextInput label={t("directory.fields.name")} required {...text("name")} />
        <TextInput label={t("directory.person.latin")} {...form.getInputProps("name_latin")} dir="ltr" />
        <TextInput label={t("directory.person.given")} {...text("given_name")} />
        <TextInput label={t("directory.person.family")} {...text("family_name")} />
        <TextInput label={t("directory.person.father")} {...text("father_name")} />
        <Select
          label={t("directory.person.gender")}
          allowDeselect={false}
          data={GENDERS.map((value) => ({ value, label: label("directory.gender", value) }))}
          {...form.getInputProps("gender")}
        />
        <DateField label={t("directory.person.birth")} {...form.getInputProps("date_of_birth")} />
        <TextInput
          label={t("directory.person.nationalId")}
          {...form.getInputProps("national_id")}
          dir="ltr"
        />
        {!person && (
          <>
            <TextInput
              label={t("directory.contactKind.phone")}
              type="tel"
              {...form.getInputProps("phone")}
              dir="ltr"
            />
            <TextInput
              label={t("directory.contactKind.email")}
              type="email"
              {...form.getInputProps("email")}
              dir="ltr"
            />
          </>
        )}
      </FieldGrid>
    </FormShell>
  );
}
