// A cell in words: what its card, the clipboard and a comparison say.
import { type Content, hasContent, type Names } from "./sheet";

export type Card = {
  title: string;
  /** The second line; empty when the topic is the title. */
  topic: string;
  teachers: string[];
  room: string;
  groups: string[];
};

const named = (names: Record<string, string>, id: number | null): string =>
  id === null ? "" : (names[id] ?? `#${id}`);

export function subjectOf(content: Content, names: Names): string {
  const course = named(names.courses, content.course);
  const section = named(names.sections, content.section);
  if (course && section) return `${course} (${section})`;
  return course || section;
}

export function cardOf(content: Content, names: Names): Card {
  const subject = subjectOf(content, names);
  const people = [content.faculty, ...content.co_faculty].map((id) => named(names.people, id));
  return {
    title: subject || content.topic,
    topic: subject ? content.topic : "",
    teachers: [...people, content.faculty_name].filter(Boolean),
    room: named(names.rooms, content.room),
    groups: content.groups.map((id) => named(names.groups, id)),
  };
}

/** One line for plain text. */
export function lineOf(content: Content, names: Names): string {
  if (content.status === "empty" && !hasContent(content)) return "";
  const { title, topic, teachers, room, groups } = cardOf(content, names);
  return [title, topic, teachers.join(", "), room, groups.join(", ")].filter(Boolean).join(" · ");
}
