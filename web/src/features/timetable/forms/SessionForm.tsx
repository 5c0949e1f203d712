import { Group, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { changesOf } from "../../../ui/changes";
import { DateField } from "../../../ui/DateField";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { NOTHING_BUSY } from "../grid/availability";
import { PickMany, PickOne } from "../parts/Picker";
import { TimeField } from "../parts/TimeField";
import { type SectionChoice, useChosenList, useList, useRooms, useTeachers } from "../parts/useOptions";
import { useToday } from "../parts/useToday";
import { SESSION_KINDS, SESSIONS, type Session, type SessionRecord, sessionUrl } from "../queries";
import {
  blankSession,
  newSessionBody,
  type SessionValues,
  sessionBody,
  sessionValues,
  windowOf,
} from "../sessionBody";

const PERIODS = "/api/v1/academics/academic-periods/";
const SECTIONS = "/api/v1/academics/sections/";
const noWords = () => "";

type Props = {
  session?: SessionRecord;
  onReload?: () => unknown;
  onDone: (session: Session) => unknown;
};

/** A session outside any week: new, or changed before it starts. */
export function SessionForm({ session, ...rest }: Props) {
  const { zone, today } = useToday();
  const before = session ? sessionValues(session, zone) : blankSession(today);
  return <Fields session={session} before={before} {...rest} />;
}

type FieldsProps = Omit<Props, "session"> & { session: SessionRecord | undefined; before: SessionValues };

function Fields({ session, before, onReload, onDone }: FieldsProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const { person } = useMe();
  const { zone } = useToday();
  const saved = useSaved(SESSIONS, "/api/v1/timetable/");
  // Whoever plans teaches anybody anything; a teacher holds sessions of the own sections.
  const isPlanner = can("week.view_drafts");
  const needed = isNotEmpty(t("timetable.form.needed"));
  const form = useForm<SessionValues>({
    initialValues: before,
    validate: {
      section: (value, { groups }) =>
        value === null && groups.length === 0 ? t("timetable.form.audience") : null,
      academic_period: needed,
      date: needed,
      starts: needed,
      ends: (value, { starts, is_overnight }) =>
        !value
          ? t("timetable.form.needed")
          : starts && !is_overnight && value <= starts
            ? t("timetable.rows.backwards")
            : null,
    },
  });
  const { values } = form;
  const asWritten = windowOf(values, zone);
  const slot = asWritten && session ? { ...asWritten, without: session.id } : asWritten;
  const asked = { slot, busy: NOTHING_BUSY, wordsOf: noWords };
  const rooms = useRooms({
    ...asked,
    chosen: values.room?.label ?? "",
    seats: (count) => t("timetable.pick.seats", { count }),
  });
  // Who else is free is the planners' to know.
  const judged = { ...asked, slot: isPlanner ? slot : null };
  const teachers = useTeachers({ ...judged, chosen: values.faculty?.label ?? "" });
  const further = useTeachers({ ...judged, chosen: "" });
  const sections = useChosenList<SectionChoice>(
    SECTIONS,
    isPlanner ? {} : { faculty: person?.id },
    values.section?.label ?? "",
    (row) => `${row.course_name ?? ""} (${row.name})`.trim(),
  );
  const courses = useList("/api/v1/academics/courses/", { is_active: true }, values.course?.label ?? "");
  const groups = useList("/api/v1/academics/groups/", {}, "");
  const departments = useList("/api/v1/directory/departments/", {}, values.department?.label ?? "");
  const periods = useChosenList<{
    id: number;
    name: string;
    batch_name?: string | null;
    program_name?: string;
  }>(PERIODS, { is_template: false, status: "open" }, values.academic_period?.label ?? "", (row) =>
    [row.name, row.batch_name ?? row.program_name].filter(Boolean).join(" · "),
  );
  const faultOf = (field: keyof SessionValues) => {
    const key = Object.keys(form.errors).find((each) => each === field || each.startsWith(`${field}.`));
    return key ? String(form.errors[key]) : undefined;
  };
  type One = "section" | "course" | "academic_period" | "department" | "faculty" | "room";
  const one = (field: One) => ({
    size: "sm" as const,
    "data-path": field,
    value: values[field]?.id ?? null,
    chosenLabel: values[field]?.label ?? "",
    fault: faultOf(field),
    onChange: (id: number | null, chosen: string) =>
      form.setFieldValue(field, id === null ? null : { id, label: chosen }),
  });
  const many = (field: "groups" | "co_faculty") => ({
    size: "sm" as const,
    "data-path": field,
    values: values[field],
    fault: faultOf(field),
    onChange: (chosen: SessionValues["groups"]) => form.setFieldValue(field, chosen),
  });
  const pickSection = (id: number | null, chosen: string) => {
    const row = sections.rows.find((each) => each.id === id);
    form.setValues({
      section: id === null ? null : { id, label: chosen },
      ...(row ? broughtBy(row, values) : {}),
    });
  };
  const time = (field: "starts" | "ends", words: string) => (
    <TimeField
      form={{ path: field, required: true }}
      label={words}
      value={values[field]}
      fault={faultOf(field)}
      onChange={(next) => form.setFieldValue(field, next)}
    />
  );
  return (
    <FormShell
      form={form}
      submitLabel={session ? t("ui.save") : t("timetable.session.create")}
      {...(onReload ? { onReload } : {})}
      pointers={{ "/starts_at": "starts", "/ends_at": "ends", "/group": "groups" }}
      onSubmit={(now, { idempotencyKey }) =>
        session
          ? writeJson<Session>(
              "PATCH",
              sessionUrl(session.id),
              changesOf(sessionBody(now, zone), sessionBody(before, zone)),
              { ifMatch: session.version },
            )
          : writeJson<Session>("POST", SESSIONS, newSessionBody(now, zone), { idempotencyKey })
      }
      onDone={async (made) => {
        await saved();
        await onDone(made);
      }}
    >
      <Group grow preventGrowOverflow={false} align="flex-start" wrap="wrap">
        <DateField label={t("timetable.form.date")} required miw={150} {...form.getInputProps("date")} />
        <Group grow wrap="nowrap" align="flex-start" miw={200}>
          {time("starts", t("timetable.rows.from"))}
          {time("ends", t("timetable.rows.to"))}
        </Group>
      </Group>
      <Switch
        label={t("timetable.form.overnight")}
        {...form.getInputProps("is_overnight", { type: "checkbox" })}
      />
      <FieldGrid>
        <PickOne
          {...sections}
          {...one("section")}
          label={t("timetable.field.section")}
          onChange={pickSection}
        />
        <PickOne
          {...periods}
          {...one("academic_period")}
          required
          label={t("timetable.field.academic_period")}
        />
        {isPlanner && (
          <>
            <PickMany
              {...groups}
              {...many("groups")}
              label={t("timetable.editor.groups")}
              description={t("timetable.form.groupsHint")}
            />
            <PickOne
              {...courses}
              {...one("course")}
              label={t("timetable.field.course")}
              description={t("timetable.form.courseHint")}
            />
          </>
        )}
        <PickOne {...teachers} {...one("faculty")} label={t("timetable.editor.teacher")} />
        <PickOne {...rooms} {...one("room")} label={t("timetable.editor.room")} />
        <PickMany {...further} {...many("co_faculty")} label={t("timetable.editor.coTeachers")} />
        <TextInput
          dir="auto"
          label={t("timetable.editor.guest")}
          maxLength={100}
          {...form.getInputProps("faculty_name")}
        />
        <Select
          label={t("timetable.editor.kind")}
          allowDeselect={false}
          data={SESSION_KINDS.map((value) => ({ value, label: label("timetable.kind", value) }))}
          {...form.getInputProps("kind")}
        />
        {isPlanner && (
          <PickOne
            {...departments}
            {...one("department")}
            label={t("timetable.editor.department")}
            description={t("timetable.form.departmentHint")}
          />
        )}
      </FieldGrid>
      <TextInput
        dir="auto"
        label={t("timetable.editor.topic")}
        maxLength={200}
        {...form.getInputProps("topic")}
      />
      <Textarea
        dir="auto"
        autosize
        minRows={2}
        label={t("timetable.editor.note")}
        maxLength={2000}
        {...form.getInputProps("note")}
      />
    </FormShell>
  );
}

/** A section says what is taught and when its period is; its teacher comes along where none is named. */
function broughtBy(row: SectionChoice, values: SessionValues): Partial<SessionValues> {
  const teacher = row.faculty && row.faculty_name ? { id: row.faculty, label: row.faculty_name } : null;
  return {
    course: { id: row.course, label: row.course_name ?? "" },
    academic_period: row.academic_period
      ? { id: row.academic_period, label: row.academic_period_name ?? "" }
      : values.academic_period,
    faculty: values.faculty ?? teacher,
  };
}
