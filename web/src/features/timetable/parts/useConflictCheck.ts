// Conflicts asked for on demand: of what is saved, or of the unsaved draft as a preview that writes nothing.
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getJson } from "../../../api/transport";
import { type Report, reportOf } from "../grid/conflicts";
import { payloadOf } from "../grid/payload";
import type { Sheet, Week } from "../grid/sheet";
import { type GridState, isDirty } from "../grid/state";
import { saveGrid, weekKey, weekUrl } from "../queries";

type Checked = { draft: Sheet; report: Report | null };

export function useConflictCheck(week: Week, state: GridState) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const check = useMutation({
    mutationFn: async (): Promise<Checked> => {
      const { base, draft, version } = state;
      if (isDirty(state)) {
        const found = await saveGrid(week.id, version, { ...payloadOf(base, draft), preview: true });
        return { draft, report: reportOf(found.conflicts) };
      }
      const conflicts = await getJson<NonNullable<Week["conflicts"]>>(`${weekUrl(week.id)}conflicts/`);
      queryClient.setQueryData<Week>(weekKey(week.id), (old) => (old ? { ...old, conflicts } : old));
      return { draft, report: null };
    },
    onError: () => notifications.show({ color: "madder", message: t("timetable.conflicts.failed") }),
  });
  return {
    /** The draft's own report, for as long as the draft is still the one that was checked. */
    report: check.data?.draft === state.draft && state.draft !== state.base ? check.data.report : null,
    isChecking: check.isPending,
    run: () => check.mutate(),
  };
}
