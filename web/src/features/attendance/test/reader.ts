/** Who is asking, as `/api/v1/me/` answers. */
export const reader = (permissions: string[], person = 41) => ({
  user: { id: 7, username: "khan" },
  person: { id: person, name: "Dr Khan" },
  institution: { id: 1, name: "School", time_zone: "Asia/Karachi", first_weekday: 0 },
  institutions: [],
  roles: [],
  permissions,
  banner: null,
  impersonation: null,
  maintenance: null,
  language: "en",
  unread_notifications: 0,
  open_inbox_items: 0,
  version: "1",
});
