import { Badge, Button, Group } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../api/lists";
import { writeJson } from "../../api/transport";
import { useLabel } from "../../i18n/label";
import { Bidi } from "../Bidi";
import { ConfirmButton } from "../ConfirmButton";
import { FormDialog } from "../FormDialog";
import { Loaded } from "../Loaded";
import { Panel } from "../Panel";
import { SmallTable } from "../SmallTable";
import { useSaved } from "../useSaved";
import { AddressForm } from "./AddressForm";
import { ADDRESSES, type Address, MANY } from "./queries";

type Props = { person: number; mayEdit: boolean };

/** Where a person lives, works and takes mail. */
export function Addresses({ person, mayEdit }: Props) {
  const { t } = useTranslation();
  const labelOf = useLabel();
  const saved = useSaved(ADDRESSES);
  const query = useQuery(listQuery(ADDRESSES, { person, page_size: MANY }));
  const [asked, setAsked] = useState<Address | "new" | null>(null);
  return (
    <Panel
      flush
      title={t("person.address.title")}
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
        {({ results }) => (
          <SmallTable
            caption={t("person.address.title")}
            rows={results}
            rowId={(address) => address.id}
            empty={t("person.address.empty")}
            columns={[
              {
                id: "kind",
                header: t("person.address.kind"),
                cell: (address) => labelOf("person.addressKind", address.kind),
              },
              {
                id: "address",
                header: t("person.address.one"),
                cell: (address) => (
                  <Group gap="xs">
                    <Bidi>{written(address)}</Bidi>
                    {address.is_primary && (
                      <Badge size="sm" variant="light">
                        {t("person.address.primary")}
                      </Badge>
                    )}
                  </Group>
                ),
              },
              {
                id: "acts",
                header: "",
                align: "end",
                cell: (address) =>
                  mayEdit && (
                    <Group gap={4} justify="flex-end" wrap="nowrap">
                      <Button size="compact-xs" variant="subtle" onClick={() => setAsked(address)}>
                        {t("ui.edit")}
                      </Button>
                      <ConfirmButton
                        size="compact-xs"
                        variant="subtle"
                        color="madder"
                        title={t("person.address.delete")}
                        question={<Bidi>{written(address)}</Bidi>}
                        confirm={t("ui.delete")}
                        act={() => writeJson("DELETE", `${ADDRESSES}${address.id}/`)}
                        onDone={saved}
                      >
                        {t("ui.delete")}
                      </ConfirmButton>
                    </Group>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      <FormDialog title={t("person.address.one")} opened={asked !== null} onClose={() => setAsked(null)}>
        <AddressForm
          person={person}
          address={asked === "new" || asked === null ? undefined : asked}
          onDone={async () => {
            await saved();
            setAsked(null);
          }}
        />
      </FormDialog>
    </Panel>
  );
}

function written({ street, city, state, postal_code, country }: Address): string {
  return [street, [postal_code, city].filter(Boolean).join(" "), state, country].filter(Boolean).join(", ");
}
