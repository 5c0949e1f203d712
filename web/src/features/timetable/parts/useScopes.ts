// For whom weeks are planned: the institution or one batch, written `institution` or `batch-7` in the address.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { optionalList, type WeekHead } from "../queries";

export type Scope = { kind: "institution" | "batch"; batch: number | undefined };

type Batch = { id: number; name: string; program_name?: string };

export function scopeOf(written: string | undefined): Scope | null {
  if (written === "institution") return { kind: "institution", batch: undefined };
  const batch = /^batch-(\d+)$/.exec(written ?? "")?.[1];
  return batch ? { kind: "batch", batch: Number(batch) } : null;
}

export function bodyOf(scope: Scope): { scope: string; batch?: number } {
  return scope.batch === undefined ? { scope: scope.kind } : { scope: scope.kind, batch: scope.batch };
}

/** The choices of a select; without a list of batches those that have weeks. */
export function useScopes(plans: WeekHead[]): { value: string; label: string }[] {
  const { t } = useTranslation();
  const { data } = useQuery(
    optionalList<Batch>("/api/v1/academics/batches/", { is_active: true, page_size: 200 }),
  );
  const planned = plans.flatMap((plan) =>
    plan.batch === null ? [] : [{ id: plan.batch, name: plan.batch_name }],
  );
  const batches: Batch[] = data ?? planned;
  const known = new Map(batches.map((batch) => [batch.id, batch]));
  const options = [...known.values()].map((batch) => ({
    value: `batch-${batch.id}`,
    label: [batch.program_name, batch.name].filter(Boolean).join(" · "),
  }));
  return [{ value: "institution", label: t("timetable.weeks.institution") }, ...options];
}
