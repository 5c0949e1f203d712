// Who is asking in the tests of whole screens.
const reader = (id: number, name: string, role: string, ...permissions: string[]) => ({
  user: { id, username: name },
  person: { id, name },
  institution: {
    id: 1,
    name: "Farabi",
    code: "farabi",
    time_zone: "Asia/Karachi",
    first_weekday: 0,
    locale: "en",
  },
  institutions: [],
  roles: [role],
  permissions,
  banner: null,
  impersonation: null,
  maintenance: null,
  unread_notifications: 0,
  open_inbox_items: 0,
  version: "1",
});

const BOTH = ["session.view", "session.manage", "availability.view", "availability.manage"];

export const COORDINATOR = reader(1, "Alice", "coordinator", ...BOTH, "week.view_drafts");
export const TEACHER = reader(8, "Dr Bashir", "faculty", ...BOTH);

export const page = (...results: object[]) => ({
  count: results.length,
  next: null,
  previous: null,
  results,
});
