// The queues of the request desk, and which of them a reader has.
import type { ListSearch } from "../../api/lists";
import { can, type Me } from "../../api/me";

export const VIEWS = ["waiting", "given", "review", "serve", "done", "others", "own"] as const;
export type View = (typeof VIEWS)[number];

/** Whoever handles requests has queues, an auditor looks through all, whoever asks has the own ones. */
export function viewsFor(me: Me): View[] {
  const queues: View[] = can(me, "request.handle")
    ? ["waiting", "given", "review", "serve", "done", "others"]
    : can(me, "journal.view")
      ? ["others"]
      : [];
  return can(me, "request.create") || queues.length === 0 ? [...queues, "own"] : queues;
}

/** The view of an address: the one asked for where the reader has it, else the first. */
export function viewOf(asked: string | undefined, views: View[]): View {
  return views.find((view) => view === asked) ?? views[0] ?? "own";
}

/** What always holds of the rows of a view. */
export function filtersOf(view: View, person: number | null): ListSearch {
  const queues: Record<View, ListSearch> = {
    waiting: { mine: false, status: "pending" },
    given: { mine: false, is_open: true, assigned_to: person },
    review: { mine: false, status: "under_review" },
    serve: { mine: false, status: "approved" },
    done: { mine: false, is_open: false },
    others: { mine: false },
    own: { mine: true },
  };
  return queues[view];
}

/** Where the state tells rows apart, it may be chosen. */
export const hasStates = (view: View) => view === "others" || view === "own" || view === "done";
