import { Combobox, Loader, TextInput, useCombobox } from "@mantine/core";
import { type Ref, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import type { Content, Names } from "../grid/sheet";
import classes from "./Picker.module.css";
import { type SectionChoice, useSubjects } from "./useOptions";

export type SubjectPatch = { patch: Partial<Content>; names: Partial<Names> };

type Props = {
  inputRef: Ref<HTMLInputElement>;
  label: string;
  seed: string;
  /** What is chosen now, in words. */
  chosen: string;
  topic: string;
  names: Names;
  /** The department that goes with a course already used in this week. */
  departmentFor: (course: number) => number | null;
  faculty: number | null;
  fault?: string | undefined;
  onPick: (picked: SubjectPatch) => void;
};

type Choice = { value: string; title: string; code: string; hint: string; picked: SubjectPatch };

const USED_AT_MOST = 6;

/** What is taught: a course, a section, or just words. The words typed are never lost: unmatched they become the topic. */
export function SubjectPicker(props: Props) {
  const { label, seed, chosen, names, onPick } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(seed === "" ? null : seed);
  const combobox = useCombobox({ defaultOpened: seed !== "" });
  const text = typed ?? "";
  const { courses, sections, isLoading } = useSubjects(text, combobox.dropdownOpened);

  const wanted = text.trim().toLocaleLowerCase();
  const used: Choice[] = Object.entries(names.courses)
    .filter(([, name]) => wanted !== "" && name.toLocaleLowerCase().includes(wanted))
    .slice(0, USED_AT_MOST)
    .map(([id, name]) => {
      const department = props.departmentFor(Number(id));
      const patch = { course: Number(id), section: null, ...(department === null ? {} : { department }) };
      return {
        value: `course-${id}`,
        title: name,
        code: "",
        hint: t("timetable.pick.usedHere"),
        picked: { patch, names: {} },
      };
    });
  const usedIds = new Set(used.map((choice) => choice.value));
  const found: Choice[] = courses
    .map((course) => ({
      value: `course-${course.id}`,
      title: course.name,
      code: course.code ?? "",
      hint: course.department_name ?? "",
      picked: {
        patch: {
          course: course.id,
          section: null,
          ...(course.department ? { department: course.department } : {}),
        },
        names: {
          courses: { [course.id]: course.name },
          ...(course.department && course.department_name
            ? { departments: { [course.department]: course.department_name } }
            : {}),
        },
      },
    }))
    .filter((choice) => !usedIds.has(choice.value));
  const classesOf: Choice[] = sections.map((section) => ({
    value: `section-${section.id}`,
    title: `${section.course_name ?? ""} (${section.name})`.trim(),
    code: "",
    hint: t("timetable.pick.section"),
    picked: sectionPicked(section, props.faculty),
  }));
  const words: Choice[] =
    wanted === ""
      ? []
      : [
          {
            value: "words",
            title: t("timetable.pick.asTopic", { text: text.trim() }),
            code: "",
            hint: "",
            picked: { patch: { topic: text.trim() }, names: {} },
          },
        ];
  const choices = [...used, ...found, ...classesOf, ...words];
  const signature = choices.map((choice) => choice.value).join();

  // The first match is ready for Enter whenever the list changes under the typing hand.
  useEffect(() => {
    if (signature !== "" && wanted !== "") combobox.selectFirstOption();
    else combobox.resetSelectedOption();
  }, [signature, wanted, combobox.selectFirstOption, combobox.resetSelectedOption]);

  const submit = (value: string) => {
    const choice = choices.find((each) => each.value === value);
    if (choice) onPick(choice.picked);
    setTyped(null);
    combobox.closeDropdown();
  };

  const leave = () => {
    combobox.closeDropdown();
    const rest = text.trim();
    if (typed === null) return;
    if (rest === "" && chosen !== "") onPick({ patch: { course: null, section: null }, names: {} });
    else if (rest !== "" && rest !== chosen && props.topic === "")
      onPick({ patch: { topic: rest }, names: {} });
    setTyped(null);
  };

  return (
    <Combobox store={combobox} onOptionSubmit={submit} size="xs">
      <Combobox.Target>
        <TextInput
          ref={props.inputRef}
          label={label}
          size="xs"
          dir="auto"
          value={typed ?? chosen}
          error={props.fault}
          placeholder={t("timetable.pick.subjectHint")}
          rightSection={isLoading && combobox.dropdownOpened ? <Loader size={14} /> : undefined}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            combobox.openDropdown();
          }}
          onFocus={(event) => {
            if (typed === null) event.currentTarget.select();
          }}
          onClick={() => combobox.openDropdown()}
          onBlur={leave}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={300} style={{ overflowY: "auto" }}>
          {choices.map((choice) => (
            <Combobox.Option key={choice.value} value={choice.value}>
              <span className={classes.option}>
                <span className={classes.name}>
                  <Bidi>{choice.title}</Bidi>
                </span>
                {(choice.code || choice.hint) && (
                  <span className={classes.hint}>
                    {choice.code && <Code>{choice.code}</Code>}
                    {choice.hint && <Bidi>{choice.hint}</Bidi>}
                  </span>
                )}
              </span>
            </Combobox.Option>
          ))}
          {choices.length === 0 && (
            <Combobox.Empty>
              {isLoading ? t("timetable.pick.searching") : t("timetable.pick.typeToSearch")}
            </Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function sectionPicked(section: SectionChoice, faculty: number | null): SubjectPatch {
  const brings = faculty === null && section.faculty ? section.faculty : null;
  return {
    patch: { section: section.id, course: section.course, ...(brings ? { faculty: brings } : {}) },
    names: {
      sections: { [section.id]: section.name },
      ...(section.course_name ? { courses: { [section.course]: section.course_name } } : {}),
      ...(brings && section.faculty_name ? { people: { [brings]: section.faculty_name } } : {}),
    },
  };
}
