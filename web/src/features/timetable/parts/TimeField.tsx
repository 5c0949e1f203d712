import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { clockTime } from "../dates";

type Props = {
  label: string;
  value: string | null;
  fault?: string | null | undefined;
  onChange: (time: string | null) => void;
  /** On a form the label is seen; in a table the column names it. */
  form?: { path: string; required?: boolean };
};

/** A time of day in 24 hours, written as one likes (8, 830, 8:30); it counts when the field is left. */
export function TimeField({ label, value, fault, onChange, form }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const isUnread = typed !== null && typed.trim() !== "" && clockTime(typed) === null;
  const leave = () => {
    if (typed === null || isUnread) return;
    const time = clockTime(typed);
    setTyped(null);
    if (time !== value) onChange(time);
  };
  return (
    <TextInput
      {...(form
        ? { label, size: "sm", required: form.required ?? false, "data-path": form.path }
        : { "aria-label": label, size: "xs" })}
      dir="ltr"
      inputMode="numeric"
      placeholder="08:00"
      value={typed ?? value ?? ""}
      error={isUnread ? t("timetable.rows.badTime") : fault}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={leave}
    />
  );
}
