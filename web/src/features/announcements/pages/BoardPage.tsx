import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../../api/lists";
import { useCan } from "../../../api/me";
import { Bidi } from "../../../ui/Bidi";
import { EmptyState } from "../../../ui/EmptyState";
import { Loaded } from "../../../ui/Loaded";
import { ButtonLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { TablePager } from "../../../ui/TablePager";
import { PostedBody, PostedMeta } from "../parts/PostedBody";
import classes from "../parts/PostedBody.module.css";
import { BOARD, type Posted, SENDS } from "../queries";

const route = getRouteApi("/shell/board");
const DEFAULT_PAGE_SIZE = 25;

/** What was announced to the reader and still holds. */
export function BoardPage() {
  const { t } = useTranslation();
  const can = useCan();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(listQuery(BOARD, search));
  return (
    <>
      <PageHeader
        title={t("announcements.board.title")}
        lead={t("announcements.board.lead")}
        actions={
          can(SENDS) && (
            <ButtonLink to="/announcements" variant="default">
              {t("announcements.title")}
            </ButtonLink>
          )
        }
      />
      <Loaded query={query}>
        {({ results, count }) =>
          results.length === 0 ? (
            <Panel>
              <EmptyState
                title={t("announcements.board.empty")}
                detail={t("announcements.board.emptyDetail")}
                action={
                  <Button component={Link} to="/" variant="default">
                    {t("announcements.board.home")}
                  </Button>
                }
              />
            </Panel>
          ) : (
            <>
              <ul className={classes.list} aria-label={t("announcements.board.title")}>
                {results.map((posted) => (
                  <Card key={posted.id} posted={posted} />
                ))}
              </ul>
              {count > results.length && (
                <TablePager
                  count={count}
                  page={search.page ?? 1}
                  pageSize={search.page_size ?? DEFAULT_PAGE_SIZE}
                  onChange={(patch) =>
                    void navigate({ search: (before) => ({ ...before, ...patch }) as never })
                  }
                />
              )}
            </>
          )
        }
      </Loaded>
    </>
  );
}

function Card({ posted }: { posted: Posted }) {
  return (
    <li className={classes.card} data-priority={posted.priority}>
      <h2>
        <Link to="/board/$id" params={{ id: String(posted.id) }}>
          <Bidi>{posted.title}</Bidi>
        </Link>
      </h2>
      <PostedMeta posted={posted} />
      <PostedBody posted={posted} />
    </li>
  );
}
