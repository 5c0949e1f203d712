import { Stack, Text } from "@mantine/core";
import { IconArrowNarrowRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { Panel } from "../../../ui/Panel";
import { type Policy, type PolicyPreview, previewQuery } from "../queries";
import classes from "./WhoChanges.module.css";

type Changed = { full_name: string; reg_no: string; before: string; after: string; is_eligible: boolean };

/** Who could sit that cannot now, and the other way round, if the draft held. */
export function WhoChanges({ policy }: { policy: Policy }) {
  const { t } = useTranslation();
  const preview = useQuery(previewQuery(policy.id, policy.version));
  return (
    <Panel title={t("attendance.policies.whoChanges")}>
      <Loaded query={preview}>{(found) => <Found found={found} />}</Loaded>
    </Panel>
  );
}

function Found({ found }: { found: PolicyPreview }) {
  const { t } = useTranslation();
  const { number, date } = useFormat();
  const sample = found.sample as Changed[];
  const rest = found.gain + found.lose - sample.length;
  const counts: [string, number][] = [
    [t("attendance.policies.concerned"), found.people],
    [t("attendance.policies.gains"), found.gain],
    [t("attendance.policies.loses"), found.lose],
  ];
  return (
    <Stack gap="sm">
      <dl className={classes.counts}>
        {counts.map(([words, count]) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd>{number(count)}</dd>
          </div>
        ))}
      </dl>
      {sample.length > 0 && (
        <ul className={classes.people}>
          {sample.map((row) => (
            <li key={row.reg_no || row.full_name}>
              <span>
                <Bidi>{row.full_name}</Bidi> <Code>{row.reg_no}</Code>
              </span>
              <span className={classes.change}>
                <bdi dir="ltr">{number(Number(row.before))} %</bdi>
                <IconArrowNarrowRight size={16} aria-label={t("attendance.lists.becomes")} />
                <bdi dir="ltr">{number(Number(row.after))} %</bdi>
                <strong>
                  {row.is_eligible ? t("attendance.policies.gains") : t("attendance.policies.loses")}
                </strong>
              </span>
            </li>
          ))}
        </ul>
      )}
      {rest > 0 && <Text size="sm">{t("attendance.policies.more", { count: rest })}</Text>}
      <Text size="xs" c="dimmed">
        {t("attendance.policies.over", { from: date(found.start_date), to: date(found.end_date) })}
      </Text>
    </Stack>
  );
}
