// A session of its own as its form holds it, and as the API takes it.
import { addDays, todayIn, zonedIso } from "./dates";
import type { Session } from "./queries";

export type Named = { id: number; label: string };

export type SessionValues = {
  section: Named | null;
  course: Named | null;
  groups: Named[];
  academic_period: Named | null;
  department: Named | null;
  faculty: Named | null;
  co_faculty: Named[];
  faculty_name: string;
  room: Named | null;
  kind: string;
  topic: string;
  note: string;
  date: string | null;
  starts: string | null;
  ends: string | null;
  /** Night duty ends on the day after. */
  is_overnight: boolean;
};

const named = (id: number | null, label: string): Named | null => (id === null ? null : { id, label });

export function blankSession(date: string): SessionValues {
  return {
    section: null,
    course: null,
    groups: [],
    academic_period: null,
    department: null,
    faculty: null,
    co_faculty: [],
    faculty_name: "",
    room: null,
    kind: "lecture",
    topic: "",
    note: "",
    date,
    starts: null,
    ends: null,
    is_overnight: false,
  };
}

function clock(moment: string, zone: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(Date.parse(moment));
}

export function sessionValues(session: Session, zone: string): SessionValues {
  const date = todayIn(zone, Date.parse(session.starts_at));
  const teachers = session.teachers.map(({ id, name }) => ({ id, label: name }));
  return {
    section: named(session.section, session.section_name),
    course: named(session.course, session.course_code),
    groups: session.groups.map(({ id, name }) => ({ id, label: name })),
    academic_period: { id: session.academic_period, label: session.academic_period_name },
    department: { id: session.department, label: session.department_name },
    faculty: teachers.find(({ id }) => id === session.faculty) ?? null,
    co_faculty: teachers.filter(({ id }) => id !== session.faculty),
    faculty_name: session.faculty_name,
    room: named(session.room, session.room_name),
    kind: session.kind,
    topic: session.topic,
    note: session.note,
    date,
    starts: clock(session.starts_at, zone),
    ends: clock(session.ends_at, zone),
    is_overnight: todayIn(zone, Date.parse(session.ends_at)) !== date,
  };
}

/** The window as instants with the institution's offset; null until it is whole. */
export function windowOf(values: SessionValues, zone: string): { starts_at: string; ends_at: string } | null {
  const { date, starts, ends, is_overnight } = values;
  if (!date || !starts || !ends) return null;
  return {
    starts_at: zonedIso(date, starts, zone),
    ends_at: zonedIso(is_overnight ? addDays(date, 1) : date, ends, zone),
  };
}

export function sessionBody(values: SessionValues, zone: string): Record<string, unknown> {
  const { section, course, academic_period, department, faculty, room } = values;
  return {
    academic_period: academic_period?.id ?? null,
    section: section?.id ?? null,
    course: course?.id ?? null,
    groups: values.groups.map(({ id }) => id),
    department: department?.id ?? null,
    faculty: faculty?.id ?? null,
    co_faculty: values.co_faculty.map(({ id }) => id),
    faculty_name: values.faculty_name,
    room: room?.id ?? null,
    kind: values.kind,
    topic: values.topic,
    note: values.note,
    ...windowOf(values, zone),
  };
}

/** What a new one sends: the server fills in what is not named. */
export function newSessionBody(values: SessionValues, zone: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(sessionBody(values, zone)).filter(([, value]) => value !== null));
}
