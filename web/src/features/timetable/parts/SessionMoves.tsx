import { Button } from "@mantine/core";
import { IconNotes, IconPencil } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Move, type MoveRequest, movesOf, useMove } from "../../../api/moves";
import { writeJson } from "../../../api/transport";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { FormDialog } from "../../../ui/FormDialog";
import { MoveButtons } from "../../../ui/MoveButtons";
import { useSaved } from "../../../ui/useSaved";
import { AnnotateForm } from "../forms/AnnotateForm";
import { isReplacement, ReplaceForm } from "../forms/ReplaceForm";
import { SessionForm } from "../forms/SessionForm";
import { type SessionRecord, sessionUrl } from "../queries";

const TIMETABLE = "/api/v1/timetable/";

/** What its reader may do with one session; a closed move says what is missing. */
export function SessionMoves({ session, date }: { session: SessionRecord; date: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const saved = useSaved(TIMETABLE);
  const [open, setOpen] = useState<"substitute" | "relocate" | "annotate" | "edit" | null>(null);
  const url = sessionUrl(session.id);
  const { mutateAsync } = useMove({ url, version: session.version, invalidate: [] });
  const moves = movesOf(session.moves);
  const perform = async (request: MoveRequest) => {
    if (isReplacement(request.name)) setOpen(request.name);
    else await mutateAsync(request).finally(saved);
  };
  const close = () => setOpen(null);
  const done = async () => {
    await saved();
    close();
  };
  return (
    <>
      {moves.length > 0 && <MoveButtons moves={moves.map(asksItself)} onMove={perform} primary="none" />}
      {isEditable(session) && (
        <Button
          variant="default"
          leftSection={<IconPencil size={16} aria-hidden="true" />}
          onClick={() => setOpen("edit")}
        >
          {t("ui.edit")}
        </Button>
      )}
      {session.can_annotate && !isEditable(session) && (
        <Button
          variant="default"
          leftSection={<IconNotes size={16} aria-hidden="true" />}
          onClick={() => setOpen("annotate")}
        >
          {t("timetable.session.annotate")}
        </Button>
      )}
      {session.can_delete && (
        <ConfirmButton
          title={t("timetable.session.deleteTitle")}
          question={t("timetable.session.deleteBody")}
          confirm={t("ui.delete")}
          act={() => writeJson("DELETE", url, undefined, { ifMatch: session.version })}
          onDone={() => navigate({ to: "/timetable/my-week", search: { date } }).then(saved)}
        >
          {t("ui.delete")}
        </ConfirmButton>
      )}
      {isReplacement(open) && (
        <FormDialog
          opened
          onClose={close}
          title={open === "substitute" ? t("timetable.session.substitute") : t("timetable.session.relocate")}
        >
          <ReplaceForm session={session} what={open} onDone={done} />
        </FormDialog>
      )}
      <FormDialog opened={open === "edit"} onClose={close} title={t("timetable.session.edit")} size="xl">
        <SessionForm session={session} onReload={saved} onDone={done} />
      </FormDialog>
      <FormDialog opened={open === "annotate"} onClose={close} title={t("timetable.session.annotate")}>
        <AnnotateForm session={session} onReload={saved} onDone={done} />
      </FormDialog>
    </>
  );
}

/** Whoever may take a session of its own back may change it too; that of a week is changed in its week. */
const isEditable = (session: SessionRecord) => session.source === "direct" && session.can_delete;

/** A replacement is chosen in a form of its own, which asks for the reason too. */
function asksItself(move: Move): Move {
  return isReplacement(move.name) ? { ...move, needs_reason: false, warnings: [] } : move;
}
