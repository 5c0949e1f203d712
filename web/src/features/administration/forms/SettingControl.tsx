import { Chip, Group, Input, NumberInput, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { PeriodSelect } from "../../../ui/references";
import type { Setting } from "../queries";
import { useDayNames } from "./useShownValue";

type Props = {
  setting: Setting;
  value: unknown;
  onChange: (value: unknown) => void;
  isDisabled: boolean;
  error: string | null;
  labelledBy: string;
};

const LONG_TEXT = 200;
const PERIOD = "default_academic_year_id";

/** What a nullable number says when it is left blank. */
export const isNullable = (setting: Setting) => setting.expected.endsWith("or null");

/** The control that fits the kind of a key. */
export function SettingControl(props: Props) {
  const { setting, value, onChange, isDisabled, error, labelledBy } = props;
  const { t } = useTranslation();
  const label = useLabel();
  const shared = { disabled: isDisabled, error, "aria-labelledby": labelledBy };
  if (setting.key === PERIOD) {
    return (
      <PeriodSelect
        {...shared}
        placeholder={t("administration.settings.none")}
        value={typeof value === "number" ? value : null}
        onChange={onChange}
        chosenLabel={typeof value === "number" ? t("administration.settings.periodNo", { id: value }) : null}
      />
    );
  }
  switch (setting.kind) {
    case "bool":
      return (
        <Switch
          {...shared}
          checked={value === true}
          label={value === true ? t("administration.settings.on") : t("administration.settings.off")}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "int":
      return (
        <NumberInput
          {...shared}
          allowDecimal={false}
          min={setting.minimum}
          max={setting.maximum}
          clampBehavior="none"
          placeholder={isNullable(setting) ? t("administration.settings.none") : undefined}
          value={typeof value === "number" ? value : ""}
          onChange={(next) => onChange(next === "" ? null : Number(next))}
        />
      );
    case "choice":
      return (
        <Select
          {...shared}
          allowDeselect={false}
          data={setting.choices.map((choice) => ({
            value: choice,
            label: label("administration.choice", choice),
          }))}
          value={String(value)}
          onChange={onChange}
        />
      );
    case "days":
      return <Days {...props} />;
    default:
      return setting.maximum > LONG_TEXT ? (
        <Textarea
          {...shared}
          dir="auto"
          maxLength={setting.maximum}
          value={String(value ?? "")}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <TextInput
          {...shared}
          dir="auto"
          maxLength={setting.maximum}
          value={String(value ?? "")}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

function Days({ value, onChange, isDisabled, error, labelledBy }: Props) {
  const names = useDayNames();
  const chosen = Array.isArray(value) ? value.map(String) : [];
  return (
    <Input.Wrapper error={error}>
      <Chip.Group multiple value={chosen} onChange={(days) => onChange(days.map(Number).sort())}>
        <Group gap={6} role="group" aria-labelledby={labelledBy}>
          {names.map((name, day) => (
            <Chip key={name} value={String(day)} size="xs" disabled={isDisabled}>
              {name}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </Input.Wrapper>
  );
}
