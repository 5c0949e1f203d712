import { Button } from "@mantine/core";
import { IconNote, IconPencil, IconPrinter } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type MoveRequest, movesOf, useMove } from "../../../api/moves";
import type { Missing } from "../../../api/problem";
import { isolated } from "../../../i18n/isolated";
import { useLabel } from "../../../i18n/label";
import { FilledIn } from "../../../ui/application/FilledIn";
import { PART_NAMES, valuesOf } from "../../../ui/application/fields";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { Columns } from "../../../ui/Columns";
import { Facts } from "../../../ui/Facts";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { JournalPanel } from "../../../ui/JournalPanel";
import { AnchorLink } from "../../../ui/links";
import { MoveButtons } from "../../../ui/MoveButtons";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { type Place, PlacesOfMissing } from "../../../ui/places";
import { StatusBadge } from "../../../ui/StatusBadge";
import { asDoor } from "../approval";
import { ApproveForm } from "../forms/ApproveForm";
import { CorrectForm } from "../forms/CorrectForm";
import { NoteForm } from "../forms/NoteForm";
import { Duplicates } from "../parts/Duplicates";
import { PaperDesk } from "../parts/PaperDesk";
import { APPLICATIONS, type Application, applicationQuery, applicationUrl } from "../queries";

const route = getRouteApi("/shell/academics/applications/$id");
const UNDECIDED = new Set(["draft", "pending", "needs_review"]);

type Dialog = "correct" | "note" | "approve";

export function ApplicationPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const { data: application } = useSuspenseQuery(applicationQuery(id));
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  const mayEdit = UNDECIDED.has(application.status);
  const placesOf = usePlaces(mayEdit ? () => setDialog("correct") : null);
  const name = application.full_name || application.email;
  return (
    <PlacesOfMissing.Provider value={placesOf}>
      <PageHeader
        title={name}
        heading={<Bidi>{name}</Bidi>}
        badge={<StatusBadge status={application.status} />}
        up={<AnchorLink to="/academics/applications">{t("applications.title")}</AnchorLink>}
        lead={
          <>
            {application.number && (
              <>
                <Code>{application.number}</Code> ·{" "}
              </>
            )}
            <Bidi>{application.program_name}</Bidi> · <Bidi>{application.batch_name}</Bidi>
          </>
        }
        actions={
          <>
            <Button
              component="a"
              href={`${applicationUrl(application.id)}pdf/`}
              target="_blank"
              variant="default"
              leftSection={<IconPrinter size={16} />}
            >
              {t("applications.print")}
            </Button>
            <Moves application={application} onApprove={() => setDialog("approve")} />
          </>
        }
      />
      <Outcome application={application} />
      {application.duplicates.length > 0 && (
        <div style={{ marginBlockEnd: "1.5rem" }}>
          <Duplicates application={application} />
        </div>
      )}
      <Columns
        side={
          <>
            <div id={PAPERS}>
              <PaperDesk application={application} mayEdit={mayEdit} />
            </div>
            <Panel
              title={t("application.fields.staff_notes")}
              actions={
                <Button
                  variant="subtle"
                  size="compact-sm"
                  leftSection={<IconNote size={16} />}
                  onClick={() => setDialog("note")}
                >
                  {t("ui.edit")}
                </Button>
              }
            >
              {application.staff_notes ? (
                <div style={{ whiteSpace: "pre-wrap" }}>
                  <Bidi>{application.staff_notes}</Bidi>
                </div>
              ) : (
                <span style={{ color: "var(--mantine-color-dimmed)" }}>{t("applications.noNotes")}</span>
              )}
            </Panel>
            <JournalPanel
              title={t("applications.timeline")}
              url={`${applicationUrl(application.id)}timeline/`}
            />
          </>
        }
      >
        <FilledPanels application={application} mayEdit={mayEdit} onEdit={() => setDialog("correct")} />
      </Columns>
      <FormDialog title={t("applications.correct")} opened={dialog === "correct"} onClose={close} size="xl">
        <CorrectForm key={application.version} application={application} onDone={close} />
      </FormDialog>
      <FormDialog title={t("application.fields.staff_notes")} opened={dialog === "note"} onClose={close}>
        <NoteForm key={application.version} application={application} onDone={close} />
      </FormDialog>
      <FormDialog
        title={t("applications.approve.title", { name })}
        opened={dialog === "approve"}
        onClose={close}
      >
        <ApproveForm key={application.version} application={application} onDone={close} />
      </FormDialog>
    </PlacesOfMissing.Provider>
  );
}

const PAPERS = "papers";
const toPapers = () => document.getElementById(PAPERS)?.scrollIntoView({ block: "center" });

/** What is empty, by name, and the way to the form that fills it in. */
function usePlaces(correct: (() => void) | null): (item: Missing) => Place[] {
  const labelOf = useLabel();
  return ({ code, where }) => {
    const named = (key: string) => (Array.isArray(where?.[key]) ? where[key].map(String) : []);
    const go = correct ?? (() => undefined);
    if (code === "application_incomplete") {
      return named("fields").map((key) => ({ key, words: labelOf("application.fields", key), go }));
    }
    if (code !== "papers_missing") return [];
    return named("papers").map((key) => ({
      key,
      words: labelOf("application.paper", key),
      go: toPapers,
    }));
  };
}

function Moves({ application, onApprove }: { application: Application; onApprove: () => void }) {
  const url = applicationUrl(application.id);
  const { mutateAsync } = useMove({
    url,
    version: application.version,
    invalidate: [[url], [APPLICATIONS], [`${url}timeline/`]],
  });
  // Those of another state are no choice here.
  const moves = movesOf(application.moves)
    .filter((move) => !move.missing.some(({ code }) => code === "wrong_status"))
    .map(asDoor);
  const perform = async (request: MoveRequest) => {
    if (request.name === "approve") onApprove();
    else await mutateAsync(request);
  };
  if (moves.length === 0) return null;
  return (
    <MoveButtons
      moves={moves}
      onMove={perform}
      primary={application.status === "draft" ? "submit" : "approve"}
    />
  );
}

/** What was decided, by whom, and where the student is now. */
function Outcome({ application }: { application: Application }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!application.decided_at) return null;
  return (
    <div style={{ marginBlockEnd: "1rem" }}>
      <Notice tone={application.status === "approved" ? "good" : "wait"}>
        {t("applications.decided", {
          by: isolated(application.decided_by),
          when: isolated(format.dateTime(application.decided_at)),
        })}{" "}
        {application.decision_reason && <Bidi>{application.decision_reason}</Bidi>}{" "}
        {application.student !== null && (
          <AnchorLink to="/academics/students/$id" params={{ id: String(application.student) }}>
            {t("applications.student")}
          </AnchorLink>
        )}
      </Notice>
    </div>
  );
}

type FilledProps = { application: Application; mayEdit: boolean; onEdit: () => void };

function FilledPanels({ application, mayEdit, onEdit }: FilledProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const values = valuesOf(application);
  const edit = mayEdit && (
    <Button variant="subtle" size="compact-sm" leftSection={<IconPencil size={16} />} onClick={onEdit}>
      {t("applications.correctShort")}
    </Button>
  );
  return (
    <>
      {PART_NAMES.map((part, index) => (
        <Panel key={part} title={t(`applications.part.${part}`)} actions={index === 0 && edit}>
          {part === "contact" && (
            <div style={{ marginBlockEnd: "0.75rem" }}>
              <Facts items={[{ label: t("application.email"), value: <Code>{application.email}</Code> }]} />
            </div>
          )}
          <FilledIn part={part} values={values} />
        </Panel>
      ))}
      <Panel title={t("applications.admission")}>
        <Facts
          items={[
            { label: t("application.fields.batch_year"), value: application.batch_year },
            { label: t("application.fields.current_year"), value: application.current_year },
            {
              label: t("applications.fields.submitted"),
              value: application.submitted_at && format.dateTime(application.submitted_at),
            },
          ]}
        />
      </Panel>
    </>
  );
}
