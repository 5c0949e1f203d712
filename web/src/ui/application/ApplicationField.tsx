import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../i18n/label";
import { DateField } from "../DateField";
import { FIELDS, type FieldName, OPTIONAL, type Values } from "./fields";

type Props = {
  name: FieldName;
  form: UseFormReturnType<Values>;
  /** Words for applicants; staff do without. */
  isHinted?: boolean;
};

const HINTED = new Set<FieldName>([
  "full_name",
  "cnic_or_bform",
  "mobile",
  "guardian_phone_whatsapp",
  "subjects",
]);
const MODES = { phone: "tel", number: "numeric", count: "numeric", decimal: "decimal" } as const;

/** One field of an application in the input that fits it. */
export function ApplicationField({ name, form, isHinted = true }: Props) {
  const { t } = useTranslation();
  const labelOf = useLabel();
  const field = FIELDS[name];
  const { shape, max } = field;
  const called = labelOf("application.fields", name);
  const shared = {
    ...form.getInputProps(name),
    label: OPTIONAL.has(name) ? t("application.optional", { field: called }) : called,
    description: isHinted && HINTED.has(name) ? labelOf("application.hints", name) : undefined,
    autoComplete: "autoComplete" in field ? field.autoComplete : "off",
    name,
  };
  if (shape === "choice") {
    const options = field.choices.map((value) => ({
      value,
      label: labelOf("application.choice", `${name}.${value}`),
    }));
    return <NativeSelect {...shared} data={[{ value: "", label: t("application.choose") }, ...options]} />;
  }
  if (shape === "day")
    return <DateField {...shared} onChange={(day) => form.setFieldValue(name, day ?? "")} />;
  if (shape === "lines") return <Textarea {...shared} dir="auto" maxLength={max} />;
  const isLatin = shape !== "name" && shape !== "text";
  return (
    <TextInput
      {...shared}
      type={shape === "phone" ? "tel" : "text"}
      dir={isLatin ? "ltr" : "auto"}
      inputMode={shape in MODES ? MODES[shape as keyof typeof MODES] : undefined}
      maxLength={max}
    />
  );
}
