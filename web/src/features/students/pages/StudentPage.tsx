import { Button } from "@mantine/core";
import { IconArrowsExchange, IconPencil } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "../../../api/me";
import { type MoveRequest, movesOf, useMove } from "../../../api/moves";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { Columns } from "../../../ui/Columns";
import { Facts } from "../../../ui/Facts";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { JournalPanel } from "../../../ui/JournalPanel";
import { AnchorLink } from "../../../ui/links";
import { MoveButtons } from "../../../ui/MoveButtons";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { Addresses } from "../../../ui/person/Addresses";
import { IdentityDocuments } from "../../../ui/person/IdentityDocuments";
import { StatusBadge } from "../../../ui/StatusBadge";
import { EditStudentForm } from "../forms/EditStudentForm";
import { GraduateForm } from "../forms/GraduateForm";
import { PlaceForm } from "../forms/PlaceForm";
import { Enrollments } from "../parts/Enrollments";
import { Leaves } from "../parts/Leaves";
import { Placements } from "../parts/Placements";
import { Requests } from "../parts/Requests";
import { type Student, staleAfter, studentQuery, studentUrl } from "../queries";

const route = getRouteApi("/shell/academics/students/$id");

type Dialog = "edit" | "place" | "graduate";

export function StudentPage() {
  const { t } = useTranslation();
  const can = useCan();
  const { id } = route.useParams();
  const { data: student } = useSuspenseQuery(studentQuery(id));
  const me = useMe();
  const isSelf = me.person?.id === student.person;
  const mayKeep = isSelf || can("student.edit");
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  return (
    <>
      <PageHeader
        title={student.name}
        heading={<Bidi>{student.name}</Bidi>}
        badge={<StatusBadge status={student.status} />}
        up={<AnchorLink to="/academics/students">{t("students.title")}</AnchorLink>}
        lead={
          <>
            <Code>{student.reg_no}</Code> · <Bidi>{student.program_name}</Bidi> ·{" "}
            <Bidi>{student.batch_name}</Bidi> · <Bidi>{student.group_name}</Bidi>
          </>
        }
        actions={
          <>
            {can("student.place") && (
              <Button
                variant="default"
                leftSection={<IconArrowsExchange size={16} />}
                onClick={() => setDialog("place")}
              >
                {t("students.place.open")}
              </Button>
            )}
            <Moves student={student} onGraduate={() => setDialog("graduate")} />
          </>
        }
      />
      <Columns
        side={
          <>
            {can("leave.view") && <Leaves person={student.person} />}
            {(can("request.handle") || student.person === me.person?.id) && <Requests student={student.id} />}
            <JournalPanel title={t("students.timeline")} url={`${studentUrl(student.id)}timeline/`} />
          </>
        }
      >
        <Panel
          title={t("students.record")}
          actions={
            can("student.edit") && (
              <Button
                variant="subtle"
                size="compact-sm"
                leftSection={<IconPencil size={16} />}
                onClick={() => setDialog("edit")}
              >
                {t("ui.edit")}
              </Button>
            )
          }
        >
          <Record student={student} />
        </Panel>
        <Placements student={student} />
        {can("enrollment.view") && <Enrollments student={student} />}
        {mayKeep && <Addresses person={student.person} mayEdit={can("contact.edit")} />}
        {can("identity.view") && (isSelf || can("identity.verify")) && (
          <IdentityDocuments person={student.person} />
        )}
      </Columns>
      <FormDialog title={t("students.edit")} opened={dialog === "edit"} onClose={close}>
        <EditStudentForm key={student.version} student={student} onDone={close} />
      </FormDialog>
      <FormDialog title={t("students.place.title")} opened={dialog === "place"} onClose={close}>
        <PlaceForm student={student} onDone={close} />
      </FormDialog>
      <FormDialog
        title={t("students.graduate.title")}
        opened={dialog === "graduate"}
        onClose={close}
        size="md"
      >
        <GraduateForm student={student} onDone={close} />
      </FormDialog>
    </>
  );
}

function Moves({ student, onGraduate }: { student: Student; onGraduate: () => void }) {
  const { mutateAsync } = useMove({
    url: studentUrl(student.id),
    version: student.version,
    invalidate: staleAfter(student.id),
  });
  const moves = movesOf(student.moves);
  const move = async (request: MoveRequest) => {
    if (request.name === "graduate") onGraduate();
    else await mutateAsync(request);
  };
  // No status is the usual next one, so none is drawn as the main one.
  return moves.length > 0 && <MoveButtons moves={moves} onMove={move} primary="" />;
}

function Record({ student }: { student: Student }) {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const can = useCan();
  return (
    <Facts
      items={[
        { label: t("students.fields.regNo"), value: <Code>{student.reg_no}</Code> },
        {
          label: t("students.fields.name"),
          value: can("person.view") ? (
            <AnchorLink to="/directory/people/$id" params={{ id: String(student.person) }}>
              <Bidi>{student.name}</Bidi>
            </AnchorLink>
          ) : (
            <Bidi>{student.name}</Bidi>
          ),
        },
        {
          label: t("students.fields.fatherName"),
          value: student.father_name ? <Bidi>{student.father_name}</Bidi> : null,
        },
        {
          label: t("students.fields.birth"),
          value: student.date_of_birth ? format.date(student.date_of_birth) : null,
        },
        {
          label: t("students.fields.gender"),
          value: student.gender ? label("students.gender", student.gender) : null,
        },
        { label: t("students.fields.phone"), value: student.phone ? <Code>{student.phone}</Code> : null },
        { label: t("students.fields.email"), value: student.email ? <Code>{student.email}</Code> : null },
        { label: t("students.fields.year"), value: student.current_year },
        { label: t("students.fields.enrolled"), value: student.enrollment_year },
        {
          label: t("students.fields.graduates"),
          value: student.actual_graduation_year ?? student.expected_graduation_year ?? student.batch_year,
        },
      ]}
    />
  );
}
