import { TextInput, type TextInputProps } from "@mantine/core";

type Props = Omit<TextInputProps, "value" | "onChange" | "defaultValue" | "type"> & {
  value?: string | null;
  onChange?: (day: string | null) => void;
};

/** A calendar day as the API writes it; the device's own picker, in its own language. */
export function DateField({ value, onChange, ...rest }: Props) {
  return (
    <TextInput
      {...rest}
      type="date"
      dir="ltr"
      value={value ?? ""}
      onChange={(event) => onChange?.(event.currentTarget.value || null)}
    />
  );
}
