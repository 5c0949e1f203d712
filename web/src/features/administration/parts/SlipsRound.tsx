import { Button, Group, Modal, Progress, Stack, Text } from "@mantine/core";
import { IconPrinter, IconSend } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { EmptyState } from "../../../ui/EmptyState";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { FieldGrid } from "../../../ui/FieldGrid";
import { Loaded } from "../../../ui/Loaded";
import { Notice } from "../../../ui/Notice";
import { Panel } from "../../../ui/Panel";
import { BatchSelect, DepartmentSelect, GroupSelect } from "../../../ui/references";
import { SmallTable } from "../../../ui/SmallTable";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useSaved } from "../../../ui/useSaved";
import { INVITATIONS, PEOPLE } from "../queries";
import { type Audience, inviteAll, invitees, type Outcome } from "../slips";
import { Slips } from "./Slips";

type Chosen = { batch: number | null; group: number | null; department: number | null };

type Props = {
  audience: Audience;
  /** The import that entered those who are meant; nothing else is chosen then. */
  run: string | undefined;
};

/** Choose whom, invite them in rounds, print what has no mail. */
export function SlipsRound({ audience, run }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(INVITATIONS, PEOPLE);
  const [chosen, setChosen] = useState<Chosen>({ batch: null, group: null, department: null });
  const [outcomes, setOutcomes] = useState<Outcome[]>([]);
  const [isPrinted, setPrinted] = useState(false);
  const isStopped = useRef(false);
  const isReady = audience === "faculty" || run !== undefined || chosen.batch !== null;
  const filters =
    run !== undefined
      ? { import_run: run }
      : audience === "students"
        ? { batch: idOf(chosen.batch), group: idOf(chosen.group) }
        : { department: idOf(chosen.department) };
  const found = useQuery({
    queryKey: ["invitees", audience, filters],
    queryFn: () => invitees(audience, filters),
    enabled: isReady && outcomes.length === 0,
    staleTime: 0,
  });
  const people = found.data?.people ?? [];
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => {
      isStopped.current = false;
      return inviteAll(
        people,
        (found) => setOutcomes((before) => [...before, ...found]),
        () => isStopped.current,
      );
    },
    onSettled: saved,
  });
  const slips = outcomes.flatMap((outcome) => (outcome.kind === "slip" ? [outcome.slip] : []));
  const isHolding = () => isPending || (slips.length > 0 && !isPrinted);
  return (
    <Stack gap="lg">
      {outcomes.length === 0 && !isPending ? (
        <Panel title={t("administration.slip.whom")}>
          <Stack gap="md">
            {run === undefined ? (
              <Whom audience={audience} chosen={chosen} onChoose={setChosen} />
            ) : (
              <Text size="sm">
                {audience === "students"
                  ? t("administration.slip.ofRun")
                  : t("administration.slip.teachersOfRun")}
              </Text>
            )}
            {isReady && (
              <Loaded query={found} rows={1}>
                {({ people: listed, invitedAlready }) => (
                  <>
                    <Text size="sm" aria-live="polite">
                      {t("administration.slip.found", { count: listed.length })}{" "}
                      {invitedAlready > 0 && t("administration.slip.already", { count: invitedAlready })}
                    </Text>
                    {listed.length === 0 && <EmptyState title={t("administration.slip.nobody")} />}
                  </>
                )}
              </Loaded>
            )}
            <Group>
              <Button
                leftSection={<IconSend size={16} />}
                disabled={!isReady || people.length === 0}
                onClick={() => mutate()}
              >
                {t("administration.slip.invite", { count: people.length })}
              </Button>
            </Group>
          </Stack>
        </Panel>
      ) : (
        <Round
          outcomes={outcomes}
          total={people.length}
          isPending={isPending}
          error={error}
          onStop={() => {
            isStopped.current = true;
          }}
          onPrint={() => {
            window.print();
            setPrinted(true);
          }}
        />
      )}
      {slips.length > 0 && <Slips slips={slips} />}
      <Guard isHolding={isHolding} />
    </Stack>
  );
}

type WhomProps = { audience: Audience; chosen: Chosen; onChoose: (chosen: Chosen) => void };

function Whom({ audience, chosen, onChoose }: WhomProps) {
  const { t } = useTranslation();
  return (
    <FieldGrid>
      {audience === "students" ? (
        <>
          <BatchSelect
            label={t("administration.scope.batch")}
            required
            value={chosen.batch}
            onChange={(batch) => onChoose({ ...chosen, batch, group: null })}
          />
          <GroupSelect
            key={chosen.batch}
            label={t("administration.slip.group")}
            disabled={chosen.batch === null}
            filters={{ batch: chosen.batch }}
            value={chosen.group}
            onChange={(group) => onChoose({ ...chosen, group })}
          />
        </>
      ) : (
        <DepartmentSelect
          label={t("administration.scope.department")}
          value={chosen.department}
          onChange={(department) => onChoose({ ...chosen, department })}
        />
      )}
    </FieldGrid>
  );
}

function idOf(id: number | null): string | undefined {
  return id === null ? undefined : String(id);
}

type RoundProps = {
  outcomes: Outcome[];
  total: number;
  isPending: boolean;
  error: unknown;
  onStop: () => void;
  onPrint: () => void;
};

function Round({ outcomes, total, isPending, error, onStop, onPrint }: RoundProps) {
  const { t } = useTranslation();
  const of = (kind: Outcome["kind"]) => outcomes.filter((outcome) => outcome.kind === kind).length;
  const refused = outcomes.filter((outcome) => outcome.kind === "refused");
  return (
    <Panel title={isPending ? t("administration.slip.inviting") : t("administration.slip.done")}>
      <Stack gap="md">
        {Boolean(error) && <ErrorPanel error={error} />}
        <Progress
          value={total > 0 ? (100 * outcomes.length) / total : 100}
          animated={isPending}
          aria-label={t("administration.slip.inviting")}
        />
        <Text size="sm" aria-live="polite">
          {t("administration.slip.counts", {
            slips: of("slip"),
            mailed: of("mailed"),
            refused: of("refused"),
          })}
        </Text>
        {isPending ? (
          <Group>
            <Button variant="default" onClick={onStop}>
              {t("administration.slip.stop")}
            </Button>
          </Group>
        ) : (
          <>
            {of("slip") > 0 && (
              <>
                <Notice tone="wait">{t("administration.slip.onceAll")}</Notice>
                <Group>
                  <Button leftSection={<IconPrinter size={16} />} onClick={onPrint}>
                    {t("administration.slip.print", { count: of("slip") })}
                  </Button>
                </Group>
              </>
            )}
            {refused.length > 0 && (
              <SmallTable
                caption={t("administration.slip.refused")}
                rows={refused}
                rowId={(outcome) => (outcome.kind === "refused" ? outcome.invitee.person : 0)}
                empty=""
                columns={[
                  {
                    id: "name",
                    header: t("administration.fields.person"),
                    cell: (outcome) =>
                      outcome.kind === "refused" && (
                        <>
                          <Bidi>{outcome.invitee.name}</Bidi> <Bidi>{outcome.invitee.about}</Bidi>
                        </>
                      ),
                  },
                  {
                    id: "why",
                    header: t("administration.slip.why"),
                    cell: (outcome) =>
                      outcome.kind === "refused" && (
                        <StatusBadge status="plain" label={outcome.detail || outcome.code} />
                      ),
                  },
                ]}
              />
            )}
          </>
        )}
      </Stack>
    </Panel>
  );
}

/** Links are shown once: leaving before they are printed asks. */
function Guard({ isHolding }: { isHolding: () => boolean }) {
  const { t } = useTranslation();
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: isHolding,
    enableBeforeUnload: isHolding,
    withResolver: true,
  });
  return (
    <Modal
      opened={status === "blocked"}
      onClose={() => reset?.()}
      title={t("administration.slip.leaveTitle")}
    >
      <Text size="sm">{t("administration.slip.leaveBody")}</Text>
      <Group justify="flex-end" mt="lg" gap="sm">
        <Button variant="default" onClick={() => proceed?.()}>
          {t("ui.form.leave")}
        </Button>
        <Button data-autofocus onClick={() => reset?.()}>
          {t("ui.form.stay")}
        </Button>
      </Group>
    </Modal>
  );
}
