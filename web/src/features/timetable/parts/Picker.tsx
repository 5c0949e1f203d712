import { Loader, MultiSelect, type OptionsFilter, Select } from "@mantine/core";
import { IconCheck, IconClock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import classes from "./Picker.module.css";

export type Option = {
  id: number;
  label: string;
  hint?: string;
  /** Absent where nobody knows. */
  isFree?: boolean;
};

type Common = {
  label: string;
  placeholder?: string;
  description?: string | undefined;
  options: Option[];
  isLoading: boolean;
  error: unknown;
  onSearch: (text: string) => void;
  onOpen: () => void;
  fault?: string | undefined;
  /** Small inside the grid's editor, of ordinary size on a form. */
  size?: "xs" | "sm";
  required?: boolean;
  /** Where a form finds it, to lead to its fault. */
  "data-path"?: string;
};

type Known = { id: number; label: string };

// The server has searched already; a second filter here would hide matches in other scripts.
const unfiltered: OptionsFilter = ({ options }) => options;

function withKnown(options: Option[], known: Known[]): Option[] {
  const listed = new Set(options.map((option) => option.id));
  return [...options, ...known.filter((each) => !listed.has(each.id))];
}

function useShared(props: Common, known: Known[]) {
  const { t } = useTranslation();
  const all = withKnown(props.options, known);
  const byId = new Map(all.map((option) => [String(option.id), option]));
  return {
    byId,
    shared: {
      label: props.label,
      size: props.size ?? "xs",
      required: props.required ?? false,
      description: props.description,
      "data-path": props["data-path"],
      searchable: true,
      data: all.map((option) => ({ value: String(option.id), label: option.label })),
      filter: unfiltered,
      onSearchChange: props.onSearch,
      onDropdownOpen: props.onOpen,
      rightSection: props.isLoading ? <Loader size={14} /> : undefined,
      nothingFoundMessage: props.isLoading
        ? t("timetable.pick.searching")
        : props.error
          ? t("ui.select.failed")
          : t("ui.select.nothing"),
      error: props.fault,
      maxDropdownHeight: 260,
      renderOption: ({
        option,
        checked,
      }: {
        option: { value: string; label: string };
        checked?: boolean;
      }) => (
        <OptionLine
          option={byId.get(option.value) ?? { id: 0, label: option.label }}
          isChosen={checked ?? false}
        />
      ),
    },
  };
}

export function PickOne(
  props: Common & {
    value: number | null;
    chosenLabel: string;
    onChange: (id: number | null, label: string) => void;
  },
) {
  const { value, chosenLabel, onChange } = props;
  const { byId, shared } = useShared(props, value === null ? [] : [{ id: value, label: chosenLabel }]);
  return (
    <Select
      {...shared}
      placeholder={props.placeholder}
      clearable
      // Choosing what is chosen keeps it, and what one types replaces the name that stands there.
      allowDeselect={false}
      onClick={(event) => event.currentTarget.select()}
      value={value === null ? null : String(value)}
      onChange={(next) => onChange(next === null ? null : Number(next), byId.get(next ?? "")?.label ?? "")}
    />
  );
}

export function PickMany(
  props: Common & {
    values: Known[];
    isDisabled?: boolean;
    onChange: (chosen: Known[]) => void;
  },
) {
  const { values, onChange } = props;
  const { byId, shared } = useShared(props, values);
  return (
    <MultiSelect
      {...shared}
      placeholder={values.length === 0 ? props.placeholder : undefined}
      disabled={props.isDisabled ?? false}
      hidePickedOptions
      value={values.map((each) => String(each.id))}
      onChange={(next) =>
        onChange(next.map((id) => ({ id: Number(id), label: byId.get(id)?.label ?? `#${id}` })))
      }
    />
  );
}

/** An option says first whether it is free, in colour, sign and words. */
function OptionLine({ option, isChosen }: { option: Option; isChosen: boolean }) {
  const { t } = useTranslation();
  const isBusy = option.isFree === false && !isChosen;
  return (
    <span className={classes.option} data-busy={isBusy || undefined}>
      <span className={classes.name}>
        {isChosen && <IconCheck size={13} aria-hidden="true" />}
        <Bidi>{option.label}</Bidi>
      </span>
      <span className={classes.hint}>
        {isBusy && <IconClock size={12} aria-hidden="true" />}
        {isBusy && <span className="visually-hidden">{t("timetable.pick.taken")} </span>}
        {option.hint && <Bidi>{option.hint}</Bidi>}
        {option.isFree === true && <span className={classes.free}>{t("timetable.pick.free")}</span>}
      </span>
    </span>
  );
}
