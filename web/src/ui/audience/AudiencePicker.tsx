import { ActionIcon, Button, Input, Select } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { Fragment, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../api/me";
import { useLabel } from "../../i18n/label";
import { RemoteSelect } from "../RemoteSelect";
import { BatchSelect, DepartmentSelect, PersonSelect, ProgramSelect } from "../references";
import classes from "./Audience.module.css";
import type { Audience } from "./audience";
import { KeyName } from "./KeyName";

/** Each kind of key with what its reader must be able to see to name one. */
const KINDS: [string, string | null][] = [
  ["batch", "batch.view"],
  ["section", "section.view"],
  ["group", "batch.view"],
  ["program", "program.view"],
  ["department", "department.view"],
  ["role", null],
  ["status", null],
  ["person", "person.view"],
  ["institution", null],
];
const ROLES = [
  "student",
  "faculty",
  "coordinator",
  "department_head",
  "office_assistant",
  "exam_cell",
  "finance",
  "registrar",
  "admin",
  "auditor",
];
const STUDENT_STATUSES = ["active", "on_leave", "suspended", "inactive", "graduated"];

type Props = {
  label: string;
  hint: string;
  value: Audience;
  onChange: (value: Audience) => void;
  error?: ReactNode;
};

/** Whom it is for: alternatives, each of keys that must all be held. */
export function AudiencePicker({ label, hint, value, onChange, error }: Props) {
  const { t } = useTranslation();
  const change = (place: number, clause: string[]) =>
    onChange(value.map((each, other) => (other === place ? clause : each)));
  return (
    <Input.Wrapper label={label} description={hint} labelElement="div" withAsterisk error={error}>
      <div style={{ display: "grid", gap: "0.5rem", marginBlock: "0.5rem" }}>
        {value.map((clause, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an alternative is known by its place alone
          <Fragment key={place}>
            {place > 0 && <p className={classes.or}>{t("ui.audience.or")}</p>}
            <Clause
              place={place}
              keys={clause}
              onChange={(next) => change(place, next)}
              onRemove={
                value.length > 1 ? () => onChange(value.filter((_, other) => other !== place)) : undefined
              }
            />
          </Fragment>
        ))}
        <Button
          variant="subtle"
          size="compact-sm"
          style={{ justifySelf: "start" }}
          leftSection={<IconPlus size={16} aria-hidden="true" />}
          disabled={value.some((clause) => clause.length === 0)}
          onClick={() => onChange([...value, []])}
        >
          {t("ui.audience.alternative")}
        </Button>
      </div>
    </Input.Wrapper>
  );
}

type ClauseProps = {
  place: number;
  keys: string[];
  onChange: (keys: string[]) => void;
  onRemove: (() => void) | undefined;
};

function Clause({ place, keys, onChange, onRemove }: ClauseProps) {
  const { t } = useTranslation();
  const heading = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out with its legend beside a button
    <div role="group" aria-labelledby={heading} className={classes.clause}>
      <div className={classes.head}>
        <span id={heading}>
          {keys.length > 1
            ? t("ui.audience.all", { number: place + 1 })
            : t("ui.audience.one", { number: place + 1 })}
        </span>
        {onRemove && (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={onRemove}>
            {t("ui.audience.remove")}
          </Button>
        )}
      </div>
      {keys.length > 0 && (
        <ul className={classes.keys}>
          {keys.map((key) => (
            <li key={key} className={classes.key}>
              <span id={`${heading}${key}`}>
                <KeyName value={key} />
              </span>
              <ActionIcon
                size="sm"
                variant="subtle"
                color="gray"
                radius="xl"
                aria-label={t("ui.audience.takeOut")}
                aria-describedby={`${heading}${key}`}
                onClick={() => onChange(keys.filter((each) => each !== key))}
              >
                <IconX size={14} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <AddKey onAdd={(key) => !keys.includes(key) && onChange([...keys, key])} />
    </div>
  );
}

function AddKey({ onAdd }: { onAdd: (key: string) => void }) {
  const { t } = useTranslation();
  const can = useCan();
  const label = useLabel();
  const [kind, setKind] = useState<string | null>("batch");
  const [added, setAdded] = useState(0);
  const add = (key: string) => {
    onAdd(key);
    setAdded(added + 1);
  };
  const kinds = KINDS.filter(([, permission]) => permission === null || can(permission));
  const common = {
    // Fresh after each key, so that the next one may be typed at once.
    key: `${kind}${added}`,
    "aria-label": t("ui.audience.which"),
    placeholder: t("ui.audience.which"),
    autoFocus: added > 0,
    openOnFocus: false,
  };
  return (
    <div className={classes.add}>
      <Select
        aria-label={t("ui.audience.kind")}
        allowDeselect={false}
        data={kinds.map(([value]) => ({ value, label: label("ui.audience.kinds", value) }))}
        value={kind}
        onChange={(next) => {
          setAdded(0);
          setKind(next);
        }}
      />
      {kind === "institution" ? (
        <Button variant="default" onClick={() => add("institution")}>
          {t("ui.audience.addEverybody")}
        </Button>
      ) : kind === "role" || kind === "status" ? (
        <Select
          {...common}
          key={common.key}
          searchable
          value={null}
          data={(kind === "role" ? ROLES : STUDENT_STATUSES).map((value) => ({
            value: `${kind}:${value}`,
            label: label(kind === "role" ? "app.roles" : "ui.status", value),
          }))}
          onChange={(key) => key && add(key)}
        />
      ) : (
        <RecordSelect {...common} key={common.key} kind={kind ?? ""} onAdd={(id) => add(`${kind}:${id}`)} />
      )}
    </div>
  );
}

type RecordProps = {
  kind: string;
  onAdd: (id: number) => void;
  "aria-label": string;
  placeholder: string;
  autoFocus: boolean;
  openOnFocus: boolean;
};

function RecordSelect({ kind, onAdd, ...rest }: RecordProps) {
  const props = { ...rest, value: null, onChange: (id: number | null) => id !== null && onAdd(id) };
  if (kind === "program") return <ProgramSelect {...props} />;
  if (kind === "batch") return <BatchSelect {...props} />;
  if (kind === "department") return <DepartmentSelect {...props} />;
  if (kind === "person") return <PersonSelect {...props} />;
  if (kind === "section") {
    return (
      <RemoteSelect
        path="/api/v1/academics/sections/"
        option={(row) => ({ value: row.id, label: `${row.course_name} · ${row.name}` })}
        {...props}
      />
    );
  }
  return (
    <RemoteSelect
      path="/api/v1/academics/groups/"
      option={(row) => ({ value: row.id, label: `${row.name} · ${row.batch_name} · ${row.program_name}` })}
      {...props}
    />
  );
}
