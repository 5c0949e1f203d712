import { Button, Checkbox, Group, NativeSelect, Switch, Textarea, TextInput } from "@mantine/core";
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { busyBeside, departmentOf } from "../grid/availability";
import type { PlacedFault } from "../grid/payload";
import { type Address, type Content, cellAt, type Names, type Sheet, type Week } from "../grid/sheet";
import { lineOf, subjectOf } from "../grid/words";
import classes from "./CellEditor.module.css";
import { CellPeriod } from "./CellPeriod";
import { PickMany, PickOne } from "./Picker";
import { SubjectPicker } from "./SubjectPicker";
import { slotOf } from "./slot";
import { useList, useRooms, useTeachers } from "./useOptions";

const KINDS = ["lecture", "practical", "tutorial", "clinical", "other"];

type Props = {
  week: Week;
  sheet: Sheet;
  names: Names;
  address: Address;
  seed: string;
  faults: PlacedFault[] | undefined;
  onEdit: (patch: Partial<Content>, names?: Partial<Names>) => void;
  /** `then` is where the cursor goes after the edit. */
  onDone: (then: "stay" | "down") => void;
  onCancel: () => void;
};

/** The form of one cell. Every change is in the draft at once; Esc takes all of them back. */
export function CellEditor(props: Props) {
  const { week, sheet, names, address, onEdit, onDone } = props;
  const { t } = useTranslation();
  const label = useLabel();
  const { institution } = useMe();
  const first = useRef<HTMLInputElement>(null);
  const content = cellAt(sheet, address);
  // As it was when the editor opened: the last word taken out must not close the fields around it.
  const [hadMore] = useState(() => hasMore(content));
  const slot = slotOf(week, sheet, address, institution?.time_zone ?? "UTC");
  const busy = busyBeside(sheet, address);
  const wordsOf = (at: Address) => t("timetable.pick.takenBy", { what: lineOf(cellAt(sheet, at), names) });
  const seats = (count: number) => t("timetable.pick.seats", { count });
  const nameOf = (kind: keyof Names, id: number | null) => (id === null ? "" : (names[kind][id] ?? `#${id}`));
  const roomName = nameOf("rooms", content.room);
  const teacherName = nameOf("people", content.faculty);

  const rooms = useRooms({ slot, chosen: roomName, busy, wordsOf, seats });
  const teachers = useTeachers({ slot, chosen: teacherName, busy, wordsOf });
  const coTeachers = useTeachers({ slot, chosen: "", busy, wordsOf });
  const groups = useList("/api/v1/academics/groups/", week.batch ? { batch: week.batch } : {}, "");
  const departmentName = nameOf("departments", content.department);
  const departments = useList("/api/v1/directory/departments/", { is_active: true }, departmentName);
  const fault = (field: keyof Content) => props.faults?.find((each) => each.field === field)?.text;

  useLayoutEffect(() => {
    const input = first.current;
    input?.focus();
    if (props.seed) input?.setSelectionRange(props.seed.length, props.seed.length);
  }, [props.seed]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const { target } = event;
    const isListOpen = target instanceof Element && target.getAttribute("aria-expanded") === "true";
    if (event.defaultPrevented || isListOpen || event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      props.onCancel();
    } else if (event.key === "Enter" && isCommit(event)) {
      event.preventDefault();
      leaveField();
      onDone("down");
    }
  };

  const learn = (kind: keyof Names, id: number | null, name: string): Partial<Names> =>
    id === null ? {} : { [kind]: { [id]: name } };
  const many = (ids: number[], kind: keyof Names) => ids.map((id) => ({ id, label: nameOf(kind, id) }));
  const learnMany = (kind: keyof Names, chosen: { id: number; label: string }[]): Partial<Names> => ({
    [kind]: Object.fromEntries(chosen.map((each) => [each.id, each.label])),
  });

  return (
    <section className={classes.form} onKeyDown={onKeyDown} aria-label={t("timetable.editor.label")}>
      <SubjectPicker
        inputRef={first}
        label={t("timetable.editor.subject")}
        seed={props.seed}
        chosen={subjectOf(content, names)}
        topic={content.topic}
        names={names}
        departmentFor={(course) => departmentOf(sheet, course)}
        faculty={content.faculty}
        fault={fault("course") ?? fault("section")}
        onPick={({ patch, names: learned }) => onEdit(patch, learned)}
      />
      <TextInput
        size="xs"
        dir="auto"
        label={t("timetable.editor.topic")}
        value={content.topic}
        maxLength={200}
        error={fault("topic")}
        onChange={(event) => onEdit({ topic: event.currentTarget.value })}
      />
      <PickOne
        {...teachers}
        label={t("timetable.editor.teacher")}
        value={content.faculty}
        chosenLabel={teacherName}
        fault={fault("faculty")}
        onChange={(id, name) => onEdit({ faculty: id }, learn("people", id, name))}
      />
      <PickOne
        {...rooms}
        label={t("timetable.editor.room")}
        value={content.room}
        chosenLabel={roomName}
        fault={fault("room")}
        onChange={(id, name) => onEdit({ room: id }, learn("rooms", id, name))}
      />
      <div>
        <PickMany
          {...groups}
          label={t("timetable.editor.groups")}
          values={many(content.groups, "groups")}
          isDisabled={content.all_groups}
          fault={fault("groups")}
          onChange={(chosen) =>
            onEdit({ groups: chosen.map((each) => each.id) }, learnMany("groups", chosen))
          }
        />
        {week.scope === "batch" && (
          <Checkbox
            mt={6}
            size="xs"
            label={t("timetable.editor.allGroups")}
            checked={content.all_groups}
            onChange={(event) =>
              onEdit(event.currentTarget.checked ? { all_groups: true, groups: [] } : { all_groups: false })
            }
          />
        )}
      </div>
      <details className={classes.more} open={hadMore}>
        <summary>{t("timetable.editor.more")}</summary>
        <div className={classes.form}>
          <PickMany
            {...coTeachers}
            label={t("timetable.editor.coTeachers")}
            values={many(content.co_faculty, "people")}
            fault={fault("co_faculty")}
            onChange={(chosen) =>
              onEdit({ co_faculty: chosen.map((each) => each.id) }, learnMany("people", chosen))
            }
          />
          <TextInput
            size="xs"
            dir="auto"
            label={t("timetable.editor.guest")}
            value={content.faculty_name}
            maxLength={100}
            error={fault("faculty_name")}
            onChange={(event) => onEdit({ faculty_name: event.currentTarget.value })}
          />
          <NativeSelect
            size="xs"
            label={t("timetable.editor.kind")}
            value={content.kind}
            error={fault("kind")}
            data={KINDS.map((kind) => ({ value: kind, label: label("timetable.kind", kind) }))}
            onChange={(event) => onEdit({ kind: event.currentTarget.value })}
          />
          <PickOne
            {...departments}
            label={t("timetable.editor.department")}
            value={content.department}
            chosenLabel={departmentName}
            fault={fault("department")}
            onChange={(id, name) => onEdit({ department: id }, learn("departments", id, name))}
          />
          <CellPeriod
            week={week}
            value={content.academic_period}
            fault={fault("academic_period")}
            onChange={(academic_period) => onEdit({ academic_period })}
          />
          <Textarea
            size="xs"
            dir="auto"
            label={t("timetable.editor.note")}
            value={content.note}
            maxLength={2000}
            error={fault("note")}
            onChange={(event) => onEdit({ note: event.currentTarget.value })}
          />
        </div>
      </details>
      {content.status !== "empty" && (
        <Switch
          size="xs"
          label={t("timetable.editor.cancelled")}
          checked={content.status === "cancelled"}
          onChange={(event) => onEdit({ status: event.currentTarget.checked ? "cancelled" : "scheduled" })}
        />
      )}
      <Group gap="xs" className={classes.foot}>
        <Button size="compact-sm" onClick={() => onDone("stay")}>
          {t("timetable.editor.done")}
        </Button>
        <Button size="compact-sm" variant="default" onClick={props.onCancel}>
          {t("ui.cancel")}
        </Button>
        <Button size="compact-sm" variant="subtle" color="madder" onClick={() => onEdit({ status: "empty" })}>
          {t("timetable.editor.clear")}
        </Button>
      </Group>
      <p className={classes.keys}>{t("timetable.editor.keys")}</p>
    </section>
  );
}

/** Enter ends the edit from any one-line field; in a long text and on a button only with Ctrl. */
function isCommit(event: KeyboardEvent<HTMLElement>): boolean {
  if (event.ctrlKey || event.metaKey) return true;
  return event.target instanceof HTMLInputElement && event.target.type !== "checkbox";
}

/** A field that keeps words until it is left hands them over before the form closes. */
function leaveField(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

function hasMore(content: Content): boolean {
  return Boolean(
    content.co_faculty.length ||
      content.faculty_name ||
      content.note ||
      content.academic_period ||
      content.kind !== "lecture",
  );
}
