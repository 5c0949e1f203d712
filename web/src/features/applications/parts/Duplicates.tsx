import { Badge } from "@mantine/core";
import { IconEqual, IconLink } from "@tabler/icons-react";
import { useQueries } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { useReadValue } from "../../../ui/application/FilledIn";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { AnchorLink } from "../../../ui/links";
import { Panel } from "../../../ui/Panel";
import { StatusBadge } from "../../../ui/StatusBadge";
import {
  type ComparedField,
  compared,
  type Known,
  ofApplication,
  ofPerson,
  type Verdict,
} from "../comparison";
import {
  type Application,
  applicationUrl,
  type Duplicate,
  PEOPLE,
  type Person,
  recordQuery,
  STUDENTS,
  type Student,
} from "../queries";
import classes from "./Duplicates.module.css";

/** This applicant beside everybody of the same identity or address, field by field; what is shared is marked. */
export function Duplicates({ application }: { application: Application }) {
  const { t } = useTranslation();
  const labelOf = useLabel();
  const caption = useId();
  const others = useKnown(application.duplicates);
  const lines = compared(ofApplication(application), others);
  return (
    <Panel flush title={t("applications.duplicates.title")}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard. */}
      <section className={classes.scroll} tabIndex={0} aria-labelledby={caption}>
        <table className={classes.table}>
          <caption id={caption} className="visually-hidden">
            {t("applications.duplicates.caption")}
          </caption>
          <thead>
            <tr>
              <td />
              <th scope="col">
                <span className={classes.kind}>{t("applications.duplicates.this")}</span>
                <Bidi>{application.full_name}</Bidi>
                <span className={classes.marks}>
                  {application.number && <Code>{application.number}</Code>}
                  <StatusBadge status={application.status} />
                </span>
              </th>
              {application.duplicates.map((each) => (
                <th key={`${each.kind}${each.id}`} scope="col">
                  <span className={classes.kind}>{labelOf("applications.kind", each.kind)}</span>
                  <Name duplicate={each} />
                  <span className={classes.marks}>
                    {each.number && <Code>{each.number}</Code>}
                    {each.status && <StatusBadge status={each.status} />}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map(({ field, own, others: found }) => (
              <tr key={field}>
                <th scope="row">{labelOf("application.fields", field)}</th>
                <td data-shared={found.some(({ verdict }) => verdict === "shared") || undefined}>
                  <Value field={field} value={own} />
                </td>
                {found.map(({ value, verdict }, index) => (
                  <td
                    key={`${application.duplicates[index]?.kind}${application.duplicates[index]?.id}`}
                    data-shared={verdict === "shared" || undefined}
                    data-verdict={verdict}
                  >
                    <Value field={field} value={value} /> <Mark verdict={verdict} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}

function Mark({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation();
  if (verdict === "shared") {
    return (
      <Badge
        size="sm"
        color="saffron"
        variant="light"
        leftSection={<IconLink size={12} aria-hidden="true" />}
      >
        {t("applications.duplicates.shared")}
      </Badge>
    );
  }
  if (verdict !== "same") return null;
  return (
    <span className={classes.same} title={t("applications.duplicates.same")}>
      <IconEqual size={14} aria-hidden="true" />
      <span className="visually-hidden">{t("applications.duplicates.same")}</span>
    </span>
  );
}

function Value({ field, value }: { field: ComparedField; value: string }): ReactNode {
  const read = useReadValue();
  if (!value) return <span className={classes.none}>–</span>;
  return field === "email" ? <Code>{value}</Code> : read(field, value);
}

function Name({ duplicate }: { duplicate: Duplicate }) {
  const can = useCan();
  const { kind, id, name } = duplicate;
  const params = { id: String(id) };
  if (kind === "application") {
    return (
      <AnchorLink to="/academics/applications/$id" params={params}>
        <Bidi>{name}</Bidi>
      </AnchorLink>
    );
  }
  if (kind === "student" && can("student.view")) {
    return (
      <AnchorLink to="/academics/students/$id" params={params}>
        <Bidi>{name}</Bidi>
      </AnchorLink>
    );
  }
  return kind === "person" && can("person.view") ? (
    <AnchorLink to="/directory/people/$id" params={params}>
      <Bidi>{name}</Bidi>
    </AnchorLink>
  ) : (
    <Bidi>{name}</Bidi>
  );
}

/** What the reader may know of each of them; a record that is refused says what the duplicate itself tells. */
function useKnown(duplicates: Duplicate[]): { known: Known; shared: string[] }[] {
  const once = { staleTime: 60_000, retry: false } as const;
  const records = useQueries({
    queries: duplicates.map(({ kind, id }) => {
      const url = {
        application: applicationUrl(id),
        student: `${STUDENTS}${id}/`,
        person: `${PEOPLE}${id}/`,
      }[kind];
      return { ...recordQuery<unknown>(url), ...once };
    }),
  });
  const people = useQueries({
    queries: duplicates.map(({ kind, person }) => ({
      ...recordQuery<Person>(`${PEOPLE}${person}/`),
      ...once,
      enabled: kind === "student" && person !== null,
    })),
  });
  return duplicates.map(({ kind, name, shared }, index) => {
    const record = records[index]?.data;
    const named: Known = { full_name: name };
    if (record === undefined || record === null) return { known: named, shared };
    if (kind === "application") return { known: ofApplication(record as Application), shared };
    if (kind === "person") return { known: { ...named, ...ofPerson(null, record as Person) }, shared };
    const person = people[index]?.data ?? null;
    return { known: { ...named, ...ofPerson(record as Student, person) }, shared };
  });
}
