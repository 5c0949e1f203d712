import { Button, FileButton, Group, Text } from "@mantine/core";
import { IconPaperclip, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../api/lists";
import { useCan } from "../../api/me";
import { movesOf, useMove } from "../../api/moves";
import { writeJson } from "../../api/transport";
import { useLabel } from "../../i18n/label";
import { Bidi } from "../Bidi";
import { Code } from "../Code";
import { ConfirmButton } from "../ConfirmButton";
import { ErrorPanel } from "../ErrorPanel";
import { Facts } from "../Facts";
import { FilePreview } from "../FilePreview";
import { FormDialog } from "../FormDialog";
import { useFormat } from "../format";
import { Loaded } from "../Loaded";
import { MoveButtons } from "../MoveButtons";
import { Panel } from "../Panel";
import { StatusBadge } from "../StatusBadge";
import { useSaved } from "../useSaved";
import { DocumentForm } from "./DocumentForm";
import classes from "./IdentityDocuments.module.css";
import { DOCUMENTS, type IdentityDocument, MANY } from "./queries";

/** What proves who somebody is. Those who keep them may change them; the person whose they are reads. */
export function IdentityDocuments({ person }: { person: number }) {
  const { t } = useTranslation();
  const can = useCan();
  const saved = useSaved(DOCUMENTS);
  const query = useQuery(listQuery(DOCUMENTS, { person, page_size: MANY }));
  const [asked, setAsked] = useState<IdentityDocument | "new" | null>(null);
  const mayEdit = can("identity.edit");
  return (
    <Panel
      flush
      title={t("person.document.title")}
      actions={
        mayEdit && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={16} />}
            onClick={() => setAsked("new")}
          >
            {t("ui.add")}
          </Button>
        )
      }
    >
      <Loaded query={query} rows={2}>
        {({ results }) =>
          results.length === 0 ? (
            <Text size="sm" c="dimmed" p="md">
              {mayEdit ? t("person.document.empty") : t("person.document.none")}
            </Text>
          ) : (
            <ul className={classes.list}>
              {results.map((document) => (
                <li key={document.id}>
                  <Entry document={document} mayEdit={mayEdit} onEdit={() => setAsked(document)} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <FormDialog title={t("person.document.one")} opened={asked !== null} onClose={() => setAsked(null)}>
        <DocumentForm
          person={person}
          document={asked === "new" || asked === null ? undefined : asked}
          onDone={async () => {
            await saved();
            setAsked(null);
          }}
        />
      </FormDialog>
    </Panel>
  );
}

type EntryProps = { document: IdentityDocument; mayEdit: boolean; onEdit: () => void };

function Entry({ document, mayEdit, onEdit }: EntryProps) {
  const { t } = useTranslation();
  const labelOf = useLabel();
  const format = useFormat();
  const saved = useSaved(DOCUMENTS);
  const [isShown, setShown] = useState(false);
  const url = `${DOCUMENTS}${document.id}/`;
  const { mutateAsync } = useMove({ url, version: document.version, invalidate: [[DOCUMENTS]] });
  const moves = movesOf(document.moves).filter(
    (move) => !move.missing.some(({ code }) => code === "wrong_status"),
  );
  const day = (value: string | null) => (value ? format.date(value) : null);
  return (
    <div className={classes.entry}>
      <Group gap="sm" mb="xs">
        <strong>{labelOf("person.documentKind", document.kind)}</strong>
        <Code>{document.number}</Code>
        <StatusBadge status={document.status} />
      </Group>
      <Facts
        items={[
          { label: t("person.document.issued"), value: day(document.issue_date) },
          { label: t("person.document.expires"), value: day(document.expiry_date) },
          {
            label: t("person.document.authority"),
            value: document.issuing_authority ? <Bidi>{document.issuing_authority}</Bidi> : null,
          },
          {
            label: t("person.document.verified"),
            value: document.verified_at && (
              <>
                {format.date(document.verified_at)}
                {document.verified_by && (
                  <>
                    {" · "}
                    <Bidi>{document.verified_by.name}</Bidi>
                  </>
                )}
              </>
            ),
          },
        ]}
      />
      <Group gap="xs" mt="sm">
        {document.file && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPaperclip size={16} aria-hidden="true" />}
            aria-expanded={isShown}
            onClick={() => setShown(!isShown)}
          >
            {isShown ? t("person.document.hide") : t("person.document.show")}
          </Button>
        )}
        {mayEdit && <CopyButtons document={document} />}
        {mayEdit && (
          <>
            <Button size="compact-sm" variant="subtle" onClick={onEdit}>
              {t("ui.edit")}
            </Button>
            <ConfirmButton
              size="compact-sm"
              variant="subtle"
              color="madder"
              title={t("person.document.delete")}
              question={<Code>{document.number}</Code>}
              confirm={t("ui.delete")}
              act={() => writeJson("DELETE", url)}
              onDone={saved}
            >
              {t("ui.delete")}
            </ConfirmButton>
          </>
        )}
      </Group>
      {isShown && document.file && (
        <FilePreview
          key={document.version}
          url={`${document.file}?v=${document.version}`}
          name={labelOf("person.documentKind", document.kind)}
        />
      )}
      {moves.length > 0 && (
        <div className={classes.moves}>
          <MoveButtons moves={moves} onMove={mutateAsync} primary="" />
        </div>
      )}
    </div>
  );
}

/** The copy of a document; another one takes its verification away. */
function CopyButtons({ document }: { document: IdentityDocument }) {
  const { t } = useTranslation();
  const saved = useSaved(DOCUMENTS);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (file: File | null) => {
      const url = `${DOCUMENTS}${document.id}/file/`;
      if (file === null) return writeJson("DELETE", url, undefined, { ifMatch: document.version });
      const form = new FormData();
      form.set("file", file);
      return writeJson("POST", url, form, { ifMatch: document.version });
    },
    onSettled: saved,
  });
  return (
    <>
      <FileButton accept="application/pdf,image/png,image/jpeg" onChange={(file) => file && mutate(file)}>
        {(props) => (
          <Button {...props} size="compact-sm" variant="default" loading={isPending}>
            {document.file ? t("person.document.otherCopy") : t("person.document.attach")}
          </Button>
        )}
      </FileButton>
      {document.file && (
        <Button size="compact-sm" variant="subtle" color="madder" onClick={() => mutate(null)}>
          {t("person.document.removeCopy")}
        </Button>
      )}
      {error && <ErrorPanel error={error} />}
    </>
  );
}
