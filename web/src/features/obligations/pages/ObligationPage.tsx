import { Anchor, Stack, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { movesOf, useMove } from "../../../api/moves";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { Columns } from "../../../ui/Columns";
import { Facts } from "../../../ui/Facts";
import { FilePreview } from "../../../ui/FilePreview";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { MoveButtons } from "../../../ui/MoveButtons";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { StatusBadge } from "../../../ui/StatusBadge";
import { HandInForm } from "../forms/HandInForm";
import { DueDay } from "../parts/DueDay";
import { Locked } from "../parts/Locked";
import { OBLIGATIONS, type Obligation, obligationQuery, obligationUrl } from "../queries";

const route = getRouteApi("/shell/obligations/$id");
const STILL_HANDED_IN = new Set(["pending", "rejected", "submitted"]);

/** What somebody owes: what it closes, what was handed in, and who says that it is met. */
export function ObligationPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const { data: row } = useSuspenseQuery(obligationQuery(id));
  const url = obligationUrl(row.id);
  const { mutateAsync } = useMove({ url, version: row.version, invalidate: [[url], [OBLIGATIONS]] });
  const moves = movesOf(row.moves).filter(
    ({ name, missing }) => name !== "submit" && !missing.some(({ code }) => code === "wrong_status"),
  );
  const canHandIn = row.is_own && STILL_HANDED_IN.has(row.status);
  return (
    <>
      <PageHeader
        title={row.title}
        heading={<Bidi>{row.title}</Bidi>}
        badge={<StatusBadge status={row.status} />}
        lead={row.is_own ? t("obligations.yours") : <Bidi>{row.full_name}</Bidi>}
        up={<AnchorLink to="/obligations">{t("obligations.title")}</AnchorLink>}
        actions={moves.length > 0 && <MoveButtons moves={moves} onMove={mutateAsync} />}
      />
      {row.locked_since && (
        <Notice role="status">
          <Locked row={row} />
        </Notice>
      )}
      {row.note && <Notice role="status">{t("obligations.note", { note: row.note })}</Notice>}
      <Columns side={<About row={row} />}>
        {canHandIn && (
          <Panel title={t("obligations.handIn")}>
            <HandInForm key={row.version} row={row} />
          </Panel>
        )}
        <Panel title={t("obligations.submissions")}>
          <Submissions row={row} />
        </Panel>
      </Columns>
    </>
  );
}

function Submissions({ row }: { row: Obligation }) {
  const { t } = useTranslation();
  const { dateTime } = useFormat();
  const [latest] = row.submissions;
  if (!latest) {
    return (
      <Text size="sm" c="dimmed">
        {t("obligations.nothingYet")}
      </Text>
    );
  }
  return (
    <Stack gap="md">
      {latest.url ? (
        <FilePreview url={latest.url} name={latest.filename} />
      ) : (
        <Text>
          <Bidi>{latest.value}</Bidi>
        </Text>
      )}
      <ul style={{ margin: 0, paddingInlineStart: "1.25rem" }}>
        {row.submissions.map((each) => (
          <li key={each.id}>
            {each.url ? (
              <Anchor href={each.url} target="_blank" rel="noreferrer">
                <Bidi>{each.filename}</Bidi>
              </Anchor>
            ) : (
              <Bidi>{each.value}</Bidi>
            )}{" "}
            <Text span size="sm" c="dimmed">
              {t("obligations.by", { name: each.by, moment: dateTime(each.at) })}
            </Text>
          </li>
        ))}
      </ul>
    </Stack>
  );
}

function About({ row }: { row: Obligation }) {
  const { t } = useTranslation();
  return (
    <Panel title={t("obligations.about")}>
      <Facts
        items={[
          {
            label: t("obligations.fields.person"),
            value: (
              <>
                <Bidi>{row.full_name}</Bidi> {row.reg_no && <Code>{row.reg_no}</Code>}
              </>
            ),
          },
          { label: t("obligations.fields.due"), value: <DueDay row={row} /> },
          {
            label: t("obligations.fields.locks"),
            value: row.locks.length > 0 ? <Locked row={row} /> : t("obligations.locksNothing"),
          },
          {
            label: t("obligations.fields.description"),
            value: row.description ? <Bidi>{row.description}</Bidi> : null,
          },
        ]}
      />
    </Panel>
  );
}
