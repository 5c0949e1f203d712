// The map of the product. An entry shows when its screen is mounted and the reader holds one of its permissions.
import {
  IconAdjustments,
  IconAlertTriangle,
  IconAward,
  IconBarrierBlock,
  IconBellRinging,
  IconBook,
  IconBook2,
  IconBooks,
  IconBuilding,
  IconCalendarEvent,
  IconCalendarTime,
  IconCalendarWeek,
  IconCertificate,
  IconCertificate2,
  IconChecklist,
  IconClipboardText,
  IconClockPlay,
  IconDatabase,
  IconDoor,
  IconDoorEnter,
  IconFileDescription,
  IconFileImport,
  IconFileUpload,
  IconGauge,
  IconHandStop,
  IconHierarchy,
  IconHome,
  IconInbox,
  IconLayoutGrid,
  IconLetterA,
  IconListCheck,
  IconListDetails,
  IconListNumbers,
  IconMailbox,
  IconMailForward,
  IconMessageQuestion,
  IconNotebook,
  IconPencilExclamation,
  IconPercentage,
  IconPinned,
  IconPlaneDeparture,
  IconPrinter,
  IconRocket,
  IconRulerMeasure,
  IconSchool,
  IconServer2,
  IconSettings2,
  IconShieldCheck,
  IconSpeakerphone,
  IconStack2,
  IconTimeline,
  IconUserPlus,
  IconUsers,
  IconUsersGroup,
  IconWebhook,
} from "@tabler/icons-react";
import { useRouter } from "@tanstack/react-router";
import { can, type Me, type Permission, useMe } from "../api/me";
import type app from "../i18n/en/app.json";

type Texts = typeof app.nav;
export type NavItem = {
  key: keyof Texts["items"];
  to: string;
  icon: typeof IconHome;
  anyOf: Permission[];
};
export type NavArea = { key: keyof Texts["areas"] | null; items: NavItem[] };

const item = (key: NavItem["key"], to: string, icon: NavItem["icon"], ...anyOf: Permission[]): NavItem => ({
  key,
  to,
  icon,
  anyOf,
});

/** Who looks after the attendance of others; seeing it is everybody's, who see their own. */
const LISTS = ["attendance.eligibility", "attendance.condone", "journal.view"];
const STANDINGS = [...LISTS, "attendance.mark"];

export const NAVIGATION: NavArea[] = [
  {
    key: null,
    items: [
      item("home", "/", IconHome, "inbox.view"),
      item("inbox", "/inbox", IconInbox, "inbox.view"),
      item("board", "/board", IconPinned, "notification.view"),
      item("announcements", "/announcements", IconSpeakerphone, "announcement.send"),
    ],
  },
  {
    key: "timetable",
    items: [
      item("my_week", "/timetable/my-week", IconCalendarWeek, "agenda.view"),
      item("weeks", "/timetable/weeks", IconLayoutGrid, "week.view_drafts"),
      item("conflicts", "/timetable/conflicts", IconAlertTriangle, "week.view_drafts"),
      item("sessions", "/timetable/sessions", IconListDetails, "session.manage", "week.view_drafts"),
      item("availability", "/timetable/availability", IconCalendarTime, "availability.view"),
      item("rooms", "/timetable/rooms", IconDoor, "session.view"),
      item("print", "/timetable/print", IconPrinter, "week.print"),
    ],
  },
  {
    key: "attendance",
    items: [
      item("my_attendance", "/attendance/mine", IconChecklist, "enrollment.self"),
      item(
        "corrections",
        "/attendance/corrections",
        IconClipboardText,
        "attendance.decide",
        "attendance.correct",
      ),
      item("uploads", "/attendance/uploads", IconFileUpload, "attendance.upload"),
      item("eligibility", "/attendance/eligibility", IconPercentage, ...STANDINGS),
      item("eligibility_lists", "/attendance/eligibility-lists", IconListCheck, ...LISTS),
      item("condonations", "/attendance/condonations", IconHandStop, ...LISTS),
      item("policies", "/attendance/policies", IconRulerMeasure, "attendance.policy", ...LISTS),
    ],
  },
  {
    key: "assessment",
    items: [
      item("exams", "/assessment/exams", IconCertificate, "exam.view"),
      item("my_results", "/assessment/my-results", IconAward, "enrollment.self"),
      item(
        "result_corrections",
        "/assessment/corrections",
        IconPencilExclamation,
        "result.propose_correction",
        "result.approve_correction",
      ),
      item(
        "grade_schemes",
        "/assessment/grade-schemes",
        IconLetterA,
        "grade_scheme.manage",
        "exam.announce",
        "journal.view",
      ),
      item("documents", "/documents", IconCertificate2, "document.issue", "journal.view"),
    ],
  },
  {
    key: "academics",
    items: [
      item("students", "/academics/students", IconSchool, "student.view"),
      item("applications", "/academics/applications", IconUserPlus, "application.review"),
      item("intakes", "/academics/intakes", IconDoorEnter, "intake.view"),
      item("programs", "/academics/programs", IconBooks, "program.view"),
      item("courses", "/academics/courses", IconBook2, "course.view"),
      item("sections", "/academics/sections", IconUsersGroup, "section.view"),
      item("imports", "/academics/imports", IconFileImport, "student.import", "faculty.import"),
      item("periods", "/academics/periods", IconTimeline, "period.manage", "period.open"),
      item("materials", "/materials", IconNotebook, "material.view"),
      item("obligations", "/obligations", IconListNumbers, "obligation.view"),
      item("requests", "/requests", IconMessageQuestion, "request.create", "request.handle", "journal.view"),
    ],
  },
  {
    key: "directory",
    items: [
      item("people", "/directory/people", IconUsers, "person.view"),
      item("departments", "/directory/departments", IconHierarchy, "department.view"),
      item("places", "/directory/places", IconBuilding, "place.view"),
      item("leave", "/directory/leave", IconPlaneDeparture, "leave.view", "leave.request"),
      item("holidays", "/directory/holidays", IconCalendarEvent, "holiday.view"),
    ],
  },
  {
    key: "administration",
    items: [
      item("settings", "/administration/settings", IconAdjustments, "setting.view"),
      item("memberships", "/administration/memberships", IconShieldCheck, "membership.view"),
      item("request_types", "/administration/request-types", IconFileDescription, "request_type.manage"),
      item("invitations", "/administration/invitations", IconMailForward, "invitation.send"),
      item("deliveries", "/administration/deliveries", IconMailbox, "delivery.view"),
      item("webhooks", "/dashboard/settings/webhooks", IconWebhook, "webhook.manage"),
    ],
  },
  {
    key: "operations",
    items: [
      item("operations", "/operations", IconGauge, "operations.view"),
      item("alerts", "/operations/alerts", IconBellRinging, "alert.view"),
      item("jobs", "/operations/jobs", IconStack2, "operations.view"),
      item("schedule", "/operations/schedule", IconClockPlay, "operations.view"),
      item("processes", "/operations/processes", IconServer2, "process.view"),
      item("maintenance", "/operations/maintenance", IconBarrierBlock, "maintenance.manage"),
      item("backups", "/operations/backups", IconDatabase, "backup.view", "drill.view"),
      item("releases", "/operations/releases", IconRocket, "release.view"),
      item("settings_in_effect", "/operations/settings", IconSettings2, "setting.inspect"),
      item("platform_journal", "/operations/journal", IconBook, "journal.search"),
    ],
  },
];

/** An entry whose address begins the address of others: it is the current one only where it stands itself. */
export const isExact = (to: string) => to === "/" || to === "/operations";

export function navigationFor(me: Me, mounted: ReadonlySet<string>): NavArea[] {
  const isOpen = ({ to, anyOf }: NavItem) => mounted.has(to) && can(me, ...anyOf);
  return NAVIGATION.map((area) => ({ ...area, items: area.items.filter(isOpen) })).filter(
    (area) => area.items.length > 0,
  );
}

export function useNavigation(): NavArea[] {
  const me = useMe();
  const { routesByPath } = useRouter();
  return navigationFor(me, new Set(Object.keys(routesByPath)));
}
