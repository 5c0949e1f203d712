import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../i18n/label";
import { Bidi } from "../Bidi";
import { Facts } from "../Facts";
import { useFormat } from "../format";
import { FIELDS, type FieldName, PARTS, type PartName, type Values } from "./fields";

/** One value as it is read, not typed; null where nothing is. */
export function useReadValue(): (name: FieldName, value: string) => ReactNode {
  const labelOf = useLabel();
  const format = useFormat();
  return (name, value) => {
    if (value === "") return null;
    const { shape } = FIELDS[name];
    if (shape === "choice") return labelOf("application.choice", `${name}.${value}`);
    if (shape === "day") return /^\d{4}-\d{2}-\d{2}$/.test(value) ? format.date(value) : value;
    const isLatin = shape !== "name" && shape !== "text" && shape !== "lines";
    return isLatin ? <bdi dir="ltr">{value}</bdi> : <Bidi>{value}</Bidi>;
  };
}

type Props = { part: PartName; values: Values; missing?: readonly FieldName[] };

/** What a step holds, with a word where the server still asks for something. */
export function FilledIn({ part, values, missing = [] }: Props) {
  const { t } = useTranslation();
  const labelOf = useLabel();
  const read = useReadValue();
  return (
    <Facts
      items={PARTS[part].map((name) => ({
        label: labelOf("application.fields", name),
        value: missing.includes(name) ? (
          <strong style={{ color: "var(--mantine-color-error)" }}>{t("application.missing")}</strong>
        ) : (
          read(name, values[name])
        ),
      }))}
    />
  );
}
