// Options of the editor's pickers: availability where the server knows it, plain lists where it does not.
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import type { Query } from "../../../api/transport";
import type { Busy } from "../grid/availability";
import type { Address } from "../grid/sheet";
import { type Availability, type Choice, type CourseChoice, useChoices } from "../queries";
import type { Option } from "./Picker";
import type { Slot } from "./slot";

const FREE_ROOMS = "/api/v1/timetable/free-rooms/";
const FREE_TEACHERS = "/api/v1/timetable/free-teachers/";
const PAGE = 30;

export type Source = {
  options: Option[];
  isLoading: boolean;
  error: unknown;
  onSearch: (text: string) => void;
  onOpen: () => void;
};

/** The search text and whether the list was opened at all; nothing is asked before. */
function useAsking(chosen: string) {
  const [typed, setTyped] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [search] = useDebouncedValue(typed === chosen ? "" : typed, 200);
  return { search, isOpen, onSearch: setTyped, onOpen: () => setOpen(true) };
}

type Beside = { busy: ReadonlyMap<number, Address>; wordsOf: (address: Address) => string };

function judged(entry: Availability, beside: Beside, extra: string): Option {
  const at = beside.busy.get(entry.id);
  const hint = at ? beside.wordsOf(at) : entry.is_free ? extra : entry.label;
  return { id: entry.id, label: entry.name, hint, isFree: entry.is_free && !at };
}

function plain(entry: Choice, beside: Beside): Option {
  const at = beside.busy.get(entry.id);
  const option = { id: entry.id, label: entry.name };
  if (at) return { ...option, hint: beside.wordsOf(at), isFree: false };
  return entry.code && entry.code !== entry.name ? { ...option, hint: entry.code } : option;
}

/** Free ones first; the order within stays the server's. */
function freeFirst(options: Option[]): Option[] {
  return [
    ...options.filter((each) => each.isFree !== false),
    ...options.filter((each) => each.isFree === false),
  ];
}

export function useRooms(options: {
  slot: Slot | null;
  chosen: string;
  busy: Busy;
  wordsOf: (address: Address) => string;
  seats: (capacity: number) => string;
}): Source {
  const { slot, chosen, busy, wordsOf, seats } = options;
  const { search, isOpen, onSearch, onOpen } = useAsking(chosen);
  const known = useChoices<Availability>(FREE_ROOMS, { ...slot, search }, isOpen && slot !== null);
  const isPlain = isOpen && (slot === null || known.data === null);
  const list = useChoices<Choice>(
    "/api/v1/directory/places/",
    { kind: "room", search, page_size: PAGE },
    isPlain,
  );
  const beside = { busy: busy.rooms, wordsOf };
  const judgedRooms = (known.data ?? []).map((room) =>
    judged(room, beside, room.capacity ? seats(room.capacity) : ""),
  );
  const plainRooms = (list.data ?? []).map((room) => plain(room, beside));
  return {
    options: freeFirst(known.data ? judgedRooms : plainRooms),
    isLoading: known.isLoading || list.isLoading,
    error: known.error ?? list.error,
    onSearch,
    onOpen,
  };
}

export function useTeachers(options: {
  slot: Slot | null;
  chosen: string;
  busy: Busy;
  wordsOf: (address: Address) => string;
}): Source {
  const { slot, chosen, busy, wordsOf } = options;
  const { search, isOpen, onSearch, onOpen } = useAsking(chosen);
  const asked = isOpen && slot !== null;
  const known = useChoices<Availability>(FREE_TEACHERS, { ...slot, search }, asked);
  const isPlain = isOpen && (slot === null || known.data === null);
  const people = { role: "faculty", search, page_size: PAGE };
  const list = useChoices<Choice>("/api/v1/directory/persons/", people, isPlain);
  const beside = { busy: busy.people, wordsOf };
  const found = known.data
    ? known.data.map((person) => judged(person, beside, ""))
    : (list.data ?? []).map((person) => plain(person, beside));
  return {
    options: freeFirst(found),
    isLoading: known.isLoading || list.isLoading,
    error: known.error ?? list.error,
    onSearch,
    onOpen,
  };
}

/** Any list without availability. */
export function useList(path: string, filters: Query, chosen: string): Source {
  const { search, isOpen, onSearch, onOpen } = useAsking(chosen);
  const list = useChoices<Choice>(path, { ...filters, search, page_size: PAGE }, isOpen);
  const options = (list.data ?? []).map((each) => plain(each, { busy: new Map(), wordsOf: () => "" }));
  return { options, isLoading: list.isLoading, error: list.error, onSearch, onOpen };
}

/** A list named in one's own words, with the rows themselves for what else they say. */
export function useChosenList<R extends Choice>(
  path: string,
  filters: Query,
  chosen: string,
  nameOf: (row: R) => string,
): Source & { rows: R[] } {
  const { search, isOpen, onSearch, onOpen } = useAsking(chosen);
  const list = useChoices<R>(path, { ...filters, search, page_size: PAGE }, isOpen);
  const rows = list.data ?? [];
  const options = rows.map((row) => ({ id: row.id, label: nameOf(row) }));
  return { rows, options, isLoading: list.isLoading, error: list.error, onSearch, onOpen };
}

export type SectionChoice = Choice & {
  academic_period?: number;
  academic_period_name?: string;
  course: number;
  course_name?: string;
  faculty?: number | null;
  faculty_name?: string | null;
};

/** Courses and sections in one search. */
export function useSubjects(typed: string, isAsked: boolean) {
  const [search] = useDebouncedValue(typed.trim(), 150);
  const asked = { search, is_active: true, page_size: 12 };
  const courses = useChoices<CourseChoice>("/api/v1/academics/courses/", asked, isAsked);
  const sections = useChoices<SectionChoice>(
    "/api/v1/academics/sections/",
    { search, page_size: 8 },
    isAsked && search !== "",
  );
  return {
    courses: courses.data ?? [],
    sections: sections.data ?? [],
    isLoading: courses.isFetching || sections.isFetching || search !== typed.trim(),
    error: courses.error ?? sections.error,
  };
}
