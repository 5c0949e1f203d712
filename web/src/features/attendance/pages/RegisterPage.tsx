import { Alert, Button, Group, Stack, Switch } from "@mantine/core";
import { IconBan, IconPrinter, IconUpload, IconUserPlus } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "../../../api/me";
import { movesOf, useMove } from "../../../api/moves";
import { writeJson } from "../../../api/transport";
import { Bidi } from "../../../ui/Bidi";
import { EmptyState } from "../../../ui/EmptyState";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { AnchorLink, ButtonLink } from "../../../ui/links";
import { MissingList } from "../../../ui/MissingList";
import { MoveButtons } from "../../../ui/MoveButtons";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useSaved } from "../../../ui/useSaved";
import { AddForm } from "../forms/AddForm";
import { ReasonForm } from "../forms/ReasonForm";
import { Clashes } from "../parts/Clashes";
import { Counts } from "../parts/Counts";
import { RegisterBar } from "../parts/RegisterBar";
import { RegisterRow } from "../parts/RegisterRow";
import { SavingState } from "../parts/SavingState";
import { ATTENDANCE, type Line, type Mark, registerQuery, registerUrl, sessionUrl } from "../queries";
import { closing, isOpenFor, isProtected, movesNow, unmarkedOf } from "../register/judge";
import { hasWork, isUnsaved, shownMark } from "../register/marking";
import { useMarking } from "../register/useMarking";
import classes from "./RegisterPage.module.css";

const route = getRouteApi("/shell/attendance/sessions/$id");
type Asking =
  | { what: "excuse"; line: Line }
  | { what: "repair"; line: Line; status: Mark }
  | { what: "remove"; line: Line }
  | { what: "add" };

/** The register of one session, made for one thumb: a tap a person, saved at every pause. */
export function RegisterPage() {
  const { t } = useTranslation();
  const can = useCan();
  const { id } = route.useParams();
  const { data: register } = useSuspenseQuery(registerQuery(id));
  const { session, lines } = register;
  const me = useMe();
  const marker = useMarking(me.user?.id ?? 0, session.id);
  const { state } = marker;
  const saved = useSaved(ATTENDANCE);
  const { mutateAsync } = useMove({
    url: registerUrl(session.id),
    version: register.version,
    invalidate: [[registerUrl(session.id)]],
  });
  const [asking, setAsking] = useState<Asking | null>(null);
  const [onlyUnmarked, setOnlyUnmarked] = useState(false);
  const close = () => setAsking(null);
  const moves = movesNow(movesOf(register.moves));
  const isOpen = isOpenFor(register, moves, can);
  const mayRepair = can("attendance.repair");
  const unmarked = unmarkedOf(state, lines);
  const shown = onlyUnmarked && unmarked.length > 0 ? unmarked : lines;
  const list = useRef<HTMLUListElement>(null);
  const roving = useRoving(list, shown);

  const mark = (line: Line, status: Mark) => {
    if (isProtected(line) && status !== line.status) {
      setAsking({ what: "repair", line, status });
    } else if (status === "excused") setAsking({ what: "excuse", line });
    else marker.tap(line, status);
  };
  const jump = (line: Line) => {
    setOnlyUnmarked(false);
    list.current?.querySelector<HTMLElement>(`[data-line="${line.id}"]`)?.focus();
  };

  return (
    <div className={classes.page}>
      <Header register={register}>
        <Button
          component="a"
          href={`${sessionUrl(session.id)}sheet.pdf`}
          target="_blank"
          rel="noreferrer"
          variant="default"
          leftSection={<IconPrinter size={16} aria-hidden="true" />}
        >
          {t("attendance.register.sheet")}
        </Button>
        {isOpen && can("attendance.upload") && (
          <ButtonLink
            to="/attendance/uploads"
            search={{ session: String(session.id) }}
            variant="default"
            leftSection={<IconUpload size={16} aria-hidden="true" />}
          >
            {t("attendance.register.upload")}
          </ButtonLink>
        )}
        <MoveButtons
          moves={moves.filter(({ name }) => name !== "submit")}
          onMove={mutateAsync}
          primary="none"
        />
      </Header>
      <Stack gap="md">
        {session.status === "cancelled" && (
          <Alert color="madder" variant="light" icon={<IconBan />} title={t("attendance.register.cancelled")}>
            <Bidi>{session.cancel_reason}</Bidi>
          </Alert>
        )}
        {register.status === "not_held" && (
          <Alert color="saffron" variant="light" title={t("attendance.register.notHeld")}>
            <Bidi>{register.reason}</Bidi>
          </Alert>
        )}
        {register.status === "forgotten" && (
          <Alert color="gray" variant="light" title={t("attendance.register.forgotten")}>
            {t("attendance.register.forgottenWhy")}
          </Alert>
        )}
        {register.status === "open" && session.status !== "cancelled" && closing(moves).length > 0 && (
          <Alert color="saffron" variant="light" title={t("attendance.register.over")}>
            <MissingList items={closing(moves)} />
          </Alert>
        )}
        {register.status !== "open" && hasWork(state) && <SavingState marker={marker} lines={lines} />}
        <Clashes clashes={state.clashes} lines={lines} onSettle={marker.settle} />
        <Counts lines={lines} markOf={(line) => shownMark(state, line)} />
        <Panel flush>
          <Group justify="space-between" gap="xs" className={classes.tools}>
            <Switch
              label={t("attendance.register.onlyUnmarked", { count: unmarked.length })}
              checked={onlyUnmarked}
              disabled={unmarked.length === 0}
              onChange={(event) => setOnlyUnmarked(event.currentTarget.checked)}
            />
            {isOpen && (
              <Button
                size="compact-sm"
                variant="subtle"
                leftSection={<IconUserPlus size={16} aria-hidden="true" />}
                onClick={() => setAsking({ what: "add" })}
              >
                {t("attendance.register.add")}
              </Button>
            )}
          </Group>
          {lines.length === 0 ? (
            <EmptyState
              title={t("attendance.register.empty")}
              detail={t("attendance.register.emptyDetail")}
            />
          ) : (
            <ul
              ref={list}
              className={classes.list}
              aria-label={t("attendance.register.people")}
              onKeyDown={roving.onKeyDown}
            >
              {shown.map((line, index) => (
                <RegisterRow
                  key={line.id}
                  line={line}
                  status={shownMark(state, line)}
                  isUnsaved={isUnsaved(state, line)}
                  isOpen={isOpen}
                  tabIndex={index === roving.current ? 0 : -1}
                  onFocus={() => roving.setCurrent(index)}
                  onMark={mark}
                  onRemove={mayRepair ? (removed) => setAsking({ what: "remove", line: removed }) : undefined}
                />
              ))}
            </ul>
          )}
        </Panel>
        {isOpen && <p className={classes.keys}>{t("attendance.register.keys")}</p>}
      </Stack>
      {register.status === "open" && (
        <RegisterBar
          submit={moves.find(({ name }) => name === "submit")}
          unmarked={unmarked}
          isOpen={isOpen}
          saving={<SavingState marker={marker} lines={lines} />}
          isUnsaved={hasWork(state) || Object.keys(state.clashes).length > 0}
          onRest={marker.fillRest}
          onSubmit={mutateAsync}
          onJump={jump}
        />
      )}
      {asking?.what === "add" && (
        <FormDialog opened title={t("attendance.register.add")} onClose={close} size="md">
          <AddForm session={session.id} onDone={() => saved().then(close)} />
        </FormDialog>
      )}
      {asking?.what === "excuse" && (
        <FormDialog
          opened
          title={<Named words={t("attendance.excuse.title")} line={asking.line} />}
          onClose={close}
          size="md"
        >
          <ReasonForm
            label={t("attendance.reason")}
            hint={t("attendance.excuse.hint")}
            initial={asking.line.remarks}
            isRequired
            submitLabel={t("attendance.excuse.do")}
            onDone={(remarks) => {
              marker.tap(asking.line, "excused", { remarks });
              close();
            }}
          />
        </FormDialog>
      )}
      {asking?.what === "repair" && (
        <FormDialog
          opened
          title={<Named words={t("attendance.repair.title")} line={asking.line} />}
          onClose={close}
          size="md"
        >
          {mayRepair ? (
            <ReasonForm
              label={t("attendance.reason")}
              hint={t("attendance.repair.hint")}
              isRequired
              maxLength={500}
              submitLabel={t("attendance.repair.do")}
              onDone={(reason) => {
                marker.tap(asking.line, asking.status, { reason });
                close();
              }}
            />
          ) : (
            <p>{t("attendance.repair.closed")}</p>
          )}
        </FormDialog>
      )}
      {asking?.what === "remove" && (
        <FormDialog
          opened
          title={<Named words={t("attendance.register.remove")} line={asking.line} />}
          onClose={close}
          size="md"
        >
          <ReasonForm
            label={t("attendance.reason")}
            hint={t("attendance.register.removeHint")}
            isRequired
            maxLength={500}
            submitLabel={t("attendance.register.remove")}
            onDone={async (reason) => {
              await writeJson("POST", `${sessionUrl(session.id)}roster/`, {
                remove: [asking.line.id],
                reason,
              });
              await saved();
              close();
            }}
          />
        </FormDialog>
      )}
    </div>
  );
}

const Named = ({ words, line }: { words: string; line: Line }) => (
  <>
    {words}: <Bidi>{line.full_name}</Bidi>
  </>
);

function Header({
  register: { session, status },
  children,
}: {
  register: { session: import("../queries").Session; status: string };
  children: React.ReactNode;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const title = session.title || session.topic;
  const audience = session.section_name || session.groups.map((each) => each.name).join(", ");
  const where = [session.room_name, audience].filter(Boolean).join(" · ");
  return (
    <PageHeader
      title={t("attendance.register.titled", { title })}
      heading={<Bidi>{title}</Bidi>}
      badge={<StatusBadge status={status} />}
      up={
        <AnchorLink size="sm" to="/timetable/sessions/$sessionId" params={{ sessionId: String(session.id) }}>
          {t("attendance.register.session")}
        </AnchorLink>
      }
      lead={
        <>
          {format.day(session.starts_at)},{" "}
          <bdi dir="ltr">
            {format.time(session.starts_at)}–{format.time(session.ends_at)}
          </bdi>
          {where && (
            <>
              {" "}
              · <Bidi>{where}</Bidi>
            </>
          )}
        </>
      }
      actions={children}
    />
  );
}

/** One tab stop for all people; arrows, Home and End go from one to the next. */
function useRoving(list: React.RefObject<HTMLUListElement | null>, shown: Line[]) {
  const [at, setCurrent] = useState(0);
  const current = Math.min(at, Math.max(0, shown.length - 1));
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      Home: 0,
      End: shown.length - 1,
    };
    const wanted = steps[event.key];
    if (wanted === undefined || !(event.target instanceof HTMLElement && event.target.dataset.line)) return;
    event.preventDefault();
    const line = shown[Math.min(shown.length - 1, Math.max(0, wanted))];
    list.current?.querySelector<HTMLElement>(`[data-line="${line?.id}"]`)?.focus();
  };
  return { current, setCurrent, onKeyDown };
}
