import { Button, Group, Modal, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useBlocker, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { submitKeys } from "../../../api/idempotency";
import type { Move } from "../../../api/moves";
import { asProblem, type Problem } from "../../../api/problem";
import { writeJson } from "../../../api/transport";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useMoveName } from "../../../ui/useMoveName";
import type { Choices } from "../grid/merge";
import { payloadOf } from "../grid/payload";
import type { Address, Week } from "../grid/sheet";
import { type Moved, moveWeek, saveGrid, WEEKS, weekKey, weekUrl } from "../queries";
import { ChangelogDrawer } from "./ChangelogDrawer";
import { CompareDialog } from "./CompareDialog";
import { ConsequenceSheet } from "./ConsequenceSheet";
import { CopyDialog } from "./CopyDialog";
import { missingOf } from "./grouped";
import { RowsEditor } from "./RowsEditor";
import type { WeekEditor } from "./useWeekEditor";

export type WeekDialog =
  | { kind: "amend" }
  | { kind: "move"; move: Move }
  | { kind: "rows" }
  | { kind: "changelog" }
  | { kind: "copy" }
  | { kind: "delete" };

type Props = {
  dialog: WeekDialog | null;
  week: Week;
  editor: WeekEditor;
  placeWords: (address: Address) => string;
  onOpen: (dialog: WeekDialog) => void;
  onClose: () => void;
};

/** Everything that opens over the week; one at a time, the comparison of versions before all. */
export function WeekDialogs({ dialog, week, editor, placeWords, onOpen, onClose }: Props) {
  const { state } = editor;
  const resolve = (choices: Choices) => {
    const isPublished = editor.dispute?.week.status === "published";
    const isSaved = editor.dispute?.isSavedAfter ?? false;
    const next = editor.resolve(choices);
    if (!next || !isSaved) return;
    if (isPublished) onOpen({ kind: "amend" });
    else void editor.send(next).catch(() => undefined);
  };
  return (
    <>
      {editor.dispute && (
        <CompareDialog
          dispute={editor.dispute}
          names={state.names}
          placeWords={placeWords}
          onResolve={resolve}
          onClose={editor.dropDispute}
        />
      )}
      {dialog?.kind === "amend" && <AmendSheet week={week} editor={editor} onClose={onClose} />}
      {dialog?.kind === "move" && <MoveSheet week={week} move={dialog.move} onClose={onClose} />}
      {dialog?.kind === "rows" && (
        <RowsEditor
          state={state}
          dispatch={editor.dispatch}
          isPublished={week.status === "published"}
          onClose={onClose}
        />
      )}
      {dialog?.kind === "changelog" && (
        <ChangelogDrawer week={week} names={state.names} placeWords={placeWords} onClose={onClose} />
      )}
      {dialog?.kind === "copy" && <CopyDialog week={week} onClose={onClose} />}
      {dialog?.kind === "delete" && <DeleteDialog week={week} onClose={onClose} />}
      <LeaveGuard isHolding={() => editor.isDirty && dialog?.kind !== "delete"} />
    </>
  );
}

function AmendSheet({ week, editor, onClose }: { week: Week; editor: WeekEditor; onClose: () => void }) {
  const { t } = useTranslation();
  const { base, draft, version } = editor.state;
  const payload = payloadOf(base, draft);
  return (
    <ConsequenceSheet
      title={t("timetable.sheet.amendTitle")}
      confirmLabel={t("timetable.sheet.amend")}
      needsReason
      previewKey={[week.id, version, JSON.stringify(payload)]}
      preview={async () => {
        const found = await saveGrid(week.id, version, { ...payload, preview: true });
        return {
          consequences: found.consequences ?? null,
          missing: missingOf(found.missing),
          warnings: missingOf(found.warnings),
        };
      }}
      onConfirm={editor.amend}
      onClose={onClose}
    />
  );
}

function MoveSheet({ week, move, onClose }: { week: Week; move: Move; onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [keys] = useState(submitKeys);
  const nameOf = useMoveName();
  const isRevert = move.name === "revert";
  const perform = async (reason: string | undefined): Promise<Moved> => {
    const body = reason ? { reason } : {};
    try {
      const key = keys.keyFor([week.id, week.version, move.name, body]);
      const moved = await moveWeek(week.id, week.version, move.name, body, key);
      keys.settle();
      queryClient.setQueryData<Week>(weekKey(week.id), moved);
      void queryClient.invalidateQueries({ queryKey: [WEEKS] });
      return moved;
    } catch (error) {
      keys.settle(error);
      throw error;
    }
  };
  return (
    <ConsequenceSheet
      title={isRevert ? t("timetable.sheet.revertTitle") : t("timetable.sheet.publishTitle")}
      confirmLabel={nameOf(move)}
      isDestructive={isRevert}
      needsReason={isRevert || Boolean(move.needs_reason)}
      previewKey={[week.id, week.version, move.name]}
      preview={async () => {
        const found = await moveWeek(week.id, week.version, move.name, { preview: true });
        return {
          consequences: found.consequences ?? null,
          missing: missingOf(found.missing),
          warnings: missingOf(found.warnings),
        };
      }}
      onConfirm={perform}
      onClose={onClose}
    />
  );
}

function DeleteDialog({ week, onClose }: { week: Week; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isRunning, setRunning] = useState(false);
  const remove = async () => {
    setRunning(true);
    try {
      await writeJson("DELETE", weekUrl(week.id), undefined, { ifMatch: week.version });
      void queryClient.invalidateQueries({ queryKey: [WEEKS], refetchType: "none" });
      await navigate({ to: "/timetable/weeks" });
    } catch (error) {
      setProblem(asProblem(error));
      setRunning(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t("timetable.delete.title")}>
      {problem && <ErrorPanel error={problem} />}
      <Text size="sm">{t("timetable.delete.body")}</Text>
      <Group justify="flex-end" mt="lg" gap="sm">
        <Button variant="default" onClick={onClose}>
          {t("ui.cancel")}
        </Button>
        <Button color="madder" loading={isRunning} onClick={() => void remove()}>
          {t("timetable.header.delete")}
        </Button>
      </Group>
    </Modal>
  );
}

function LeaveGuard({ isHolding }: { isHolding: () => boolean }) {
  const { t } = useTranslation();
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => isHolding() && current.pathname !== next.pathname,
    enableBeforeUnload: isHolding,
    withResolver: true,
  });
  return (
    <Modal opened={status === "blocked"} onClose={() => reset?.()} title={t("ui.form.leaveTitle")}>
      <Text size="sm">{t("timetable.save.leaveBody")}</Text>
      <Group justify="flex-end" mt="lg" gap="sm">
        <Button variant="default" onClick={() => proceed?.()}>
          {t("timetable.save.leave")}
        </Button>
        <Button data-autofocus onClick={() => reset?.()}>
          {t("ui.form.stay")}
        </Button>
      </Group>
    </Modal>
  );
}
